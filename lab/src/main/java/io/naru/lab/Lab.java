package io.naru.lab;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.LabStatus.NodeStatus;
import io.naru.lab.LabStatus.PodStatus;
import io.naru.lab.LabStatus.ServerStatus;
import io.naru.lab.LabStatus.WorldStatus;
import io.naru.lab.fault.Direction;
import io.naru.lab.fault.Fault;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.LabSpec;
import io.naru.lab.topology.NetworkScript;
import io.naru.lab.topology.SecurityGroup;
import io.naru.lab.topology.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A standing lab. It lives in the kernel and under {@code /run/naru-lab}; this object only knows
 * its name and its specification, and any process may have one.
 */
public final class Lab {
  private final LabDirectory directory;
  private final LabRecord record;
  private final Topology topology;

  private Lab(LabDirectory directory, LabRecord record) {
    this.directory = directory;
    this.record = record;
    this.topology = Topology.of(record.spec());
  }

  /**
   * Makes a lab and returns when every agent answers. If anything fails, nothing is left.
   *
   * @throws NaruException with CONFLICT if a lab or a namespace of that name exists
   */
  public static Lab up(LabSpec spec, LabPrograms programs, Progress progress) {
    return load(BringUp.run(spec, programs, progress)).orElseThrow();
  }

  /** The lab of that name, standing or left half made. */
  public static Optional<Lab> find(String name) {
    return list().stream().filter(lab -> lab.name().equals(name)).findFirst();
  }

  /** All labs of this machine by name, standing or left half made. */
  public static List<Lab> list() {
    return LabDirectory.all().stream().flatMap(directory -> load(directory).stream()).toList();
  }

  private static Optional<Lab> load(LabDirectory directory) {
    return LabDirectory.read(directory.lab(), LabRecord.class)
        .map(record -> new Lab(directory, record));
  }

  public String name() {
    return record.spec().name();
  }

  public LabSpec spec() {
    return record.spec();
  }

  /** Names and addresses of everything in the lab but its pods. */
  public Topology topology() {
    return topology;
  }

  /** Removes the lab, whole or half made; a lab that is gone already is no error. */
  public void down(Progress progress) {
    if (!directory.exists()) {
      return;
    }
    try (var _ = LabLock.take(directory)) {
      new Teardown(directory, record, topology).run(progress);
    }
  }

  public LabStatus status() {
    var server = new ClusterServer(directory, record, topology);
    boolean filtered = spec().firewall() == FirewallPolicy.DEFAULT_DENY;
    long denied =
        filtered
            ? Hits.named(topology.fabricNamespace(), SecurityGroup.TABLE)
                .getOrDefault(SecurityGroup.DENIED, 0L)
            : 0;
    return new LabStatus(
        name(),
        topology.nodes().stream().map(this::status).toList(),
        pods().status(),
        faults().status(),
        spec().firewall(),
        denied,
        new WorldStatus(
            topology.worldNamespace(),
            Topology.WORLD.stream().map(InterfaceAddress::address).toList(),
            Namespaces.exists(topology.worldNamespace())),
        new ServerStatus(topology.serverAddresses(), LabPrograms.SERVER_PORT, server.answers()));
  }

  private NodeStatus status(LabNode spec) {
    var node = new Node(directory, record, spec);
    return new NodeStatus(
        spec.name(),
        spec.namespace(),
        spec.subnet().bridge(),
        spec.addresses().stream().map(InterfaceAddress::address).toList(),
        node.holder().isPresent(),
        node.agentAnswers());
  }

  /**
   * Makes a pod on a node and wires it with the real CNI plugin.
   *
   * @throws NaruException if the name is taken or the plugin refuses; nothing of the pod is left
   */
  public PodStatus runPod(String name, String node) {
    return runPod(name, node, new PodNames.OfHost());
  }

  /**
   * The same for a pod that asks others for names.
   *
   * @throws NaruException also if the network hands out no name servers and {@code names} are its
   */
  public PodStatus runPod(String name, String node, PodNames names) {
    return pods().run(name, node(node), names);
  }

  /** Takes a pod off the network and removes it. If the plugin refuses, the pod stays. */
  public void removePod(String name) {
    Pods pods = pods();
    pods.remove(name, node(pods.require(name).node()));
  }

  /**
   * The words to execute in place of {@code command}, so that it runs in the lab.
   *
   * @param target name of a node or a pod, {@code world} or {@code fabric}
   */
  public List<String> execCommand(String target, List<String> command) {
    if (command.isEmpty()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "say what to run: naru lab exec " + target + " -- COMMAND");
    }
    return switch (target) {
      case "world" -> inNamespace(topology.worldNamespace(), command);
      case "fabric" -> inNamespace(topology.fabricNamespace(), command);
      default -> inNodeOrPod(target, command);
    };
  }

  private static List<String> inNamespace(String namespace, List<String> command) {
    List<String> words = new ArrayList<>(Namespaces.enter(namespace));
    words.addAll(command);
    return List.copyOf(words);
  }

  private List<String> inNodeOrPod(String target, List<String> command) {
    Optional<PodRecord> pod = pods().find(target);
    if (pod.isPresent()) {
      return List.copyOf(pods().enter(pod.get(), command));
    }
    if (topology.nodes().stream().noneMatch(node -> node.name().equals(target))) {
      throw new NaruException(
          ErrorCode.NOT_FOUND,
          "the lab '%s' has no node and no pod '%s'; 'naru lab status' lists them"
              .formatted(name(), target));
    }
    return List.copyOf(node(target).enter(command));
  }

  /**
   * Injects a fault.
   *
   * @param from sending node, or empty for every node
   * @param to receiving node, or empty for every other node
   */
  public void breakPath(Fault fault, Optional<String> from, Optional<String> to) {
    from.ifPresent(topology::node);
    to.ifPresent(topology::node);
    try (var _ = LabLock.take(directory)) {
      faults().inject(fault, new Direction(from, to));
    }
  }

  /** Heals a fault in all directions in which it stands, or every fault. */
  public void heal(Optional<Fault> fault) {
    try (var _ = LabLock.take(directory)) {
      faults().heal(fault);
    }
  }

  /** Plays network manager: gives a node its underlay addresses and routes again. */
  public void restoreUnderlay(String node) {
    LabNode spec = topology.node(node);
    Namespaces.configure(spec.namespace(), NetworkScript.node(spec));
  }

  /** Takes a node's underlay interface down and up, as a pulled cable would, and restores it. */
  public void flapUnderlay(String node) {
    Namespaces.configure(topology.node(node).namespace(), NetworkScript.flap());
    restoreUnderlay(node);
  }

  /** Starts the agent of a node again after it ended, and waits until it answers. */
  public void startAgent(String node) {
    node(node).startAgent(new ClusterServer(directory, record, topology).createToken());
  }

  /** The words to execute, so that the lab's own {@code naru} runs in a node. */
  public List<String> naruCommand(String node, List<String> arguments) {
    List<String> words = new ArrayList<>(record.programs().naru());
    words.addAll(arguments);
    return List.copyOf(node(topology.node(node).name()).enter(words));
  }

  /**
   * The socket of a node's agent, as this process sees it; empty while the node is down. The agent
   * itself may not answer.
   */
  public Optional<Path> agentSocket(String node) {
    return node(node)
        .holder()
        .map(holder -> Sockets.seenFromHere(holder, LabPrograms.AGENT_SOCKET));
  }

  /** The socket of the cluster's server, as this process sees it; empty while it does not run. */
  public Optional<Path> serverSocket() {
    return new ClusterServer(directory, record, topology).socket();
  }

  private Node node(String name) {
    return new Node(directory, record, topology.node(name));
  }

  private Pods pods() {
    return new Pods(directory, record, topology);
  }

  private StandingFaults faults() {
    return new StandingFaults(directory, record, topology);
  }
}

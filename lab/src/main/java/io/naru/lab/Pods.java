package io.naru.lab;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.LabStatus.PodStatus;
import io.naru.lab.process.ProcessIdentity;
import io.naru.lab.process.ProcessTable;
import io.naru.lab.process.Program;
import io.naru.lab.topology.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** A lab's pods: each a network namespace, a control group and a sleeping first process. */
record Pods(LabDirectory directory, LabRecord lab, Topology topology) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?");

  PodStatus run(String name, Node node, PodNames names) {
    requireName(name);
    node.enter(List.of());
    var record =
        new PodRecord(
            name,
            node.spec().name(),
            "%s-%s-%s"
                .formatted(
                    topology.spec().name(), name, UUID.randomUUID().toString().substring(0, 8)),
            "",
            List.of());
    String namespace = topology.podNamespace(name);
    if (find(name).isPresent()) {
      throw taken(name);
    }
    Namespaces.requireFree(List.of(namespace));
    LabDirectory.makeDirectory(directory.pods());
    // Written down before it is made; of two callers at once one is refused here.
    if (!LabDirectory.writeNew(directory.pod(name), record)) {
      throw taken(name);
    }
    try {
      Namespaces.add(List.of(namespace));
      Namespaces.configure(namespace, "link set lo up\n");
      record = startHolder(record);
      record = wire(record, node, names);
      return status(record);
    } catch (NaruException failed) {
      discard(record);
      throw failed;
    }
  }

  private void requireName(String name) {
    boolean taken =
        name.equals("world")
            || name.equals("fabric")
            || topology.nodes().stream().anyMatch(node -> node.name().equals(name));
    if (taken || !NAME.matcher(name).matches()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'"
              + name
              + "' cannot name a pod; use 1 to 40 lower-case letters, digits and '-', and not the"
              + " name of a node, 'world' or 'fabric'");
    }
  }

  private NaruException taken(String name) {
    return new NaruException(
        ErrorCode.CONFLICT,
        "the lab '%s' has a pod '%s' already; choose another name or remove it first"
            .formatted(topology.spec().name(), name));
  }

  private PodRecord startHolder(PodRecord record) {
    PodCgroup cgroup = cgroup(record.name());
    cgroup.create();
    List<String> words = new ArrayList<>(Namespaces.enter(topology.podNamespace(record.name())));
    words.addAll(List.of("sleep", "infinity"));
    Process process =
        new Program(words, Map.of(LabRecord.VARIABLE, lab.id()))
            .start(directory.pods().resolve(record.name() + ".log"));
    cgroup.add(process.pid());
    String holder = ProcessIdentity.of(process.pid()).map(ProcessIdentity::toString).orElse("");
    return rewritten(
        new PodRecord(record.name(), record.node(), record.containerId(), holder, List.of()));
  }

  private PodRecord wire(PodRecord record, Node node, PodNames names) {
    CniCall.Result result =
        new CniCall(node, record.containerId(), record.name(), topology).add(names);
    Path file = directory.podResolver(record.name());
    result
        .resolver()
        .ifPresent(
            text -> LabDirectory.attempt("write " + file, () -> Files.writeString(file, text)));
    List<String> addresses = result.addresses().stream().map(IpAddress::toString).toList();
    return rewritten(
        new PodRecord(
            record.name(), record.node(), record.containerId(), record.holder(), addresses));
  }

  private PodRecord rewritten(PodRecord record) {
    LabDirectory.write(directory.pod(record.name()), record);
    return record;
  }

  void remove(String name, Node node) {
    PodRecord record = require(name);
    if (node.holder().isPresent()) {
      new CniCall(node, record.containerId(), name, topology).delete();
    }
    discard(record);
  }

  /** Removes all of a pod that is the lab's own. */
  private void discard(PodRecord record) {
    PodCgroup cgroup = cgroup(record.name());
    cgroup.members().stream()
        .flatMap(pid -> ProcessIdentity.of(pid).stream())
        .forEach(ProcessTable::kill);
    cgroup.remove();
    Namespaces.remove(List.of(topology.podNamespace(record.name())));
    LabDirectory.attempt(
        "forget the pod",
        () -> {
          Files.deleteIfExists(directory.pods().resolve(record.name() + ".log"));
          Files.deleteIfExists(directory.podResolver(record.name()));
          return Files.deleteIfExists(directory.pod(record.name()));
        });
  }

  Optional<PodRecord> find(String name) {
    return directory.podRecords().stream().filter(pod -> pod.name().equals(name)).findFirst();
  }

  PodRecord require(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.NOT_FOUND,
                    "the lab '%s' has no pod '%s'; 'naru lab status' lists them"
                        .formatted(topology.spec().name(), name)));
  }

  /**
   * The words that run a command in a pod: its network and its control group, and the host's files
   * but for a resolv.conf of its own.
   */
  List<String> enter(PodRecord pod, List<String> command) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("bash", directory.script("pod.sh").toString()));
    words.add(cgroup(pod.name()).processes().toString());
    words.add(Namespaces.file(topology.podNamespace(pod.name())).toString());
    words.add(directory.podResolver(pod.name()).toString());
    words.addAll(command);
    return words;
  }

  List<PodStatus> status() {
    return directory.podRecords().stream().map(this::status).toList();
  }

  private PodStatus status(PodRecord record) {
    boolean running =
        !record.holder().isEmpty() && ProcessIdentity.parse(record.holder()).isAlive();
    return new PodStatus(
        record.name(),
        topology.podNamespace(record.name()),
        record.node(),
        record.addresses().stream().map(IpAddress::parse).toList(),
        cgroup(record.name()).path().toString(),
        running);
  }

  private PodCgroup cgroup(String pod) {
    return PodCgroup.of(topology.spec().name(), pod);
  }

  /** The namespaces of all pods that were ever begun. */
  List<String> namespaces() {
    List<String> names = new ArrayList<>();
    for (PodRecord pod : directory.podRecords()) {
      names.add(topology.podNamespace(pod.name()));
    }
    return names;
  }
}

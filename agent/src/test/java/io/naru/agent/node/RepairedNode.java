package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestCluster;
import io.naru.agent.TestNamespace;
import io.naru.agent.kernel.FilterTables;
import io.naru.agent.kernel.HostSettings;
import io.naru.agent.kernel.KernelReader;
import io.naru.agent.kernel.KernelWriter;
import io.naru.agent.kernel.Steps;
import io.naru.agent.loop.BackgroundPublisher;
import io.naru.agent.loop.ClusterMemory;
import io.naru.agent.loop.NodeIntent;
import io.naru.agent.loop.Pass;
import io.naru.agent.loop.Pause;
import io.naru.agent.loop.Reconciler;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.LocalPod;
import io.naru.linux.netlink.NetlinkConversation;
import io.naru.linux.netlink.NetlinkSocket;
import io.naru.linux.route.RouteNetlink;
import io.naru.store.ClusterStore;
import io.naru.store.StoreWatch;
import io.naru.store.memory.InMemoryClusterStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A node in a namespace with one pod's host end, and what an agent keeps it in repair with: a store
 * in memory, the loop, and what triggers it. Nothing is compared unless something triggers: a
 * repair that nothing triggers never comes.
 */
final class RepairedNode implements AutoCloseable {
  static final NodeName NAME = new NodeName("node1");
  static final Node FAR = TestCluster.node(2, 1);
  static final Node NEAR = TestCluster.node(3, 0);
  static final String POD = TestCluster.POD_INTERFACE;

  private static final MacAddress HOST_MAC = MacAddress.locallyAdministered(98);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration QUIET = Duration.ofMillis(150);

  final InMemoryClusterStore store =
      new InMemoryClusterStore(TestCluster.configuration(TransportPolicy.AUTO));
  final List<Pass> passes = new CopyOnWriteArrayList<>();

  /** What the agent believes to be the store; a test may put something before it. */
  ClusterStore seenStore = store;

  /** What may stand between the agent and its kernel. */
  UnaryOperator<NetlinkConversation> between = UnaryOperator.identity();

  private final TestNamespace namespace = new TestNamespace();
  private final Path directory;
  private final List<AutoCloseable> running = new ArrayList<>();
  private final List<LocalPod> pods =
      new CopyOnWriteArrayList<>(
          List.of(pod(POD, 5, Optional.of(new LocalPod.HostLink(HOST_MAC, 1450)))));
  private volatile long lastPassAt;
  private ClusterMemory memory;
  private Upkeep upkeep;
  private Pause pause;

  RepairedNode(Path directory) {
    this.directory = directory;
    try {
      underlay("eth0");
      run(
          ("ip link add " + POD + " type veth peer name pod0 && ip link set " + POD)
              + (" address " + HOST_MAC + " mtu 1450 && ip link set pod0 up"));
      store.claimExactPodCidrs(NAME, TestCluster.node(1, 0).podCidrs());
      publish(FAR);
      publish(NEAR);
    } catch (RuntimeException | AssertionError failed) {
      namespace.close();
      throw failed;
    }
  }

  /** Makes an interface that leads out, with the node's addresses and the default route. */
  void underlay(String name) {
    run(
        ("ip link add " + name + " type veth peer name wire-" + name)
            + (" && ip link set wire-" + name + " up && ip addr add 172.26.50.11/24 dev " + name)
            + (" && ip addr add fd26:50::11/64 dev " + name + " nodad")
            + (" && ip link set " + name + " up && ip route add default via 172.26.50.1"));
  }

  void publish(Node peer) {
    store.claimExactPodCidrs(peer.name(), peer.podCidrs());
    store.publishNode(peer);
  }

  /** Starts what an agent starts; what one before left in the kernel and on the disk is there. */
  RepairedNode start() {
    startWithoutStore();
    StoreWatch watch = seenStore.watch(memory);
    running.add(watch);
    return this;
  }

  /** The same, where nothing is heard of the store. */
  void startWithoutStore() {
    passes.clear(); // the passes of the agent before are not this one's
    // Its thread is a virtual one: what carries it must not be born in the namespace.
    BackgroundPublisher publisher = new BackgroundPublisher(seenStore, this::trigger);
    running.add(publisher);
    namespace
        .namespace()
        .run(
            () -> {
              RouteNetlink netlink =
                  RouteNetlink.over(between.apply(NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE)));
              running.add(netlink);
              memory = new ClusterMemory(directory.resolve("cluster.json"), this::trigger);
              running.add(memory);
              FilterTables filters = FilterTables.open(directory);
              running.add(filters);
              pause = new Pause(directory.resolve("paused"), this::trigger, InstantSource.system());
              Reconciler reconciler =
                  new Reconciler(
                      new NodeIntent(NAME, Optional.empty(), Optional.empty(), List.of()),
                      memory,
                      seenStore,
                      publisher,
                      netlink,
                      new KernelReader(netlink, filters),
                      new KernelWriter(
                          netlink,
                          filters,
                          new HostSettings(directory.resolve("settings.json")),
                          Steps.UNOBSERVED),
                      Steps.UNOBSERVED,
                      () -> List.copyOf(pods));
              upkeep = new Upkeep(reconciler, NEVER, this::passed, pause, event -> {});
              running.add(upkeep);
              upkeep.start();
            });
  }

  /** Ends it, and leaves the kernel and the disk as they are. */
  void stop() {
    for (AutoCloseable part : running.reversed()) {
      try {
        part.close();
      } catch (Exception notClosed) {
        throw new AssertionError(notClosed);
      }
    }
    running.clear();
  }

  private void trigger(Set<NodeName> peers) {
    if (upkeep != null) {
      upkeep.trigger(peers);
    }
  }

  private void trigger() {
    if (upkeep != null) {
      upkeep.trigger();
    }
  }

  private void passed(Pass pass) {
    lastPassAt = System.nanoTime();
    passes.add(pass);
  }

  Pause pause() {
    return pause;
  }

  ClusterMemory memory() {
    return memory;
  }

  /** Makes a pod with that interface known, with the nth address of each of the node's blocks. */
  void addPod(String hostInterface, int number) {
    pods.add(pod(hostInterface, number, Optional.empty()));
    trigger();
  }

  void removePod(String hostInterface) {
    pods.removeIf(pod -> pod.hostInterface().equals(hostInterface));
    trigger();
  }

  private static LocalPod pod(String hostInterface, int number, Optional<LocalPod.HostLink> link) {
    return new LocalPod(
        hostInterface,
        MacAddress.locallyAdministered(99),
        TestCluster.node(1, 0).podCidrs().stream()
            .map(Prefix::address)
            .map(address -> address.plus(number))
            .toList(),
        link);
  }

  String run(String command) {
    return namespace.run(command);
  }

  TestNamespace namespace() {
    return namespace;
  }

  Pass last() {
    return passes.getLast();
  }

  /** Waits until the loop has come to rest, with all as it should be. */
  RepairedNode settle() {
    await()
        .until(
            () ->
                !passes.isEmpty()
                    && last().problems().isEmpty()
                    && System.nanoTime() - lastPassAt > QUIET.toNanos());
    return this;
  }

  /** The first pass that knew enough to do anything. */
  Pass firstOfAll() {
    await().until(() -> passes.stream().anyMatch(pass -> !pass.plan().isEmpty()));
    return passes.stream().filter(pass -> !pass.plan().isEmpty()).findFirst().orElseThrow();
  }

  /** How many operations the loop has done so far. */
  int operations() {
    return passes.stream().mapToInt(pass -> pass.plan().operations().size()).sum();
  }

  /** Everything in the kernel that may be ours, in lines that mean the same whenever read. */
  List<String> state() {
    return run("ip -d -o link show | grep naru | sed 's/^[0-9]*: //;s/ifindex [0-9]*//;s/@if[0-9]*//'"
            + "; ip -o addr show | grep naru | sed 's/^[0-9]*: //;s/valid_lft.*//'"
            + "; ip route show table all; ip -6 route show table all | grep -v 'multicast\\|local'"
            + "; ip rule show; ip -6 rule show; ip neigh show nud permanent; ip -6 neigh show nud permanent"
            + "; bridge fdb show dev naru-vxlan; nft -s list ruleset"
            + "; cd /proc/sys/net && grep . ipv4/ip_forward ipv6/conf/all/forwarding"
            + " ipv4/conf/naru*/rp_filter ipv6/conf/naru*/accept_ra")
        .lines()
        .map(String::strip)
        .filter(line -> !line.contains("fe80::") || line.contains("lladdr"))
        .sorted()
        .toList();
  }

  /** Does something by hand, and awaits that the loop makes all as it was. */
  void isRepairedAfter(String command) {
    List<String> before = state();
    int operations = operations();
    run(command);
    await()
        .untilAsserted(
            () -> {
              assertThat(operations()).as("operations after " + command).isGreaterThan(operations);
              assertThat(state()).containsExactlyElementsOf(before);
            });
  }

  @Override
  public void close() {
    try {
      stop();
      store.close();
    } finally {
      namespace.close();
    }
  }
}

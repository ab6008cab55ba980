package io.naru.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.agent.TestNamespace;
import io.naru.agent.kernel.FilterTables;
import io.naru.agent.kernel.HostSettings;
import io.naru.agent.kernel.KernelReader;
import io.naru.agent.kernel.KernelWriter;
import io.naru.agent.kernel.Steps;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.NetworkConfigurationParser;
import io.naru.core.configuration.TransportPolicy;
import io.naru.linux.route.RouteNetlink;
import io.naru.store.Touched;
import io.naru.store.memory.InMemoryClusterStore;
import io.naru.store.state.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passes of the loop over a store in memory and a kernel in a namespace. */
class ReconcilerTest {
  private static final NodeName NODE1 = new NodeName("node1");

  @TempDir Path directory;
  private TestNamespace namespace;
  private RouteNetlink netlink;
  private InMemoryClusterStore store =
      new InMemoryClusterStore(TestCluster.configuration(TransportPolicy.AUTO));
  private ClusterMemory memory;
  private Reconciler reconciler;
  private FilterTables filters;

  @BeforeEach
  void makeNode() {
    namespace = new TestNamespace();
    namespace.run(
        "ip link add eth0 type veth peer name wire && ip link set wire up"
            + " && ip addr add 172.26.50.11/24 dev eth0"
            + " && ip addr add fd26:50::11/64 dev eth0 nodad && ip link set eth0 up"
            + " && ip route add default via 172.26.50.1");
    netlink = namespace.namespace().call(RouteNetlink::open);
    restart();
  }

  @AfterEach
  void removeNode() {
    filters.close();
    netlink.close();
    store.close();
    namespace.close();
  }

  /** As after a crash: nothing but the kernel, the files and the store is left. */
  private void restart() {
    memory = new ClusterMemory(directory.resolve("cluster.json"), touched -> {});
    filters = namespace.namespace().call(() -> FilterTables.open(directory));
    reconciler =
        new Reconciler(
            new NodeIntent(NODE1, Optional.empty(), Optional.empty(), List.of()),
            memory,
            store,
            NodePublisher.direct(store),
            netlink,
            new KernelReader(netlink, filters),
            new KernelWriter(
                netlink,
                filters,
                new HostSettings(directory.resolve("settings.json")),
                Steps.UNOBSERVED),
            Steps.UNOBSERVED,
            List::of);
  }

  private Pass pass() {
    return namespace.namespace().call(() -> reconciler.pass(false));
  }

  private void hearTheStore() {
    memory.changed(store.snapshot(), Touched.everythingOf(store.snapshot()));
    memory.flush();
  }

  private void publishPeer(int number) {
    Node peer = TestCluster.node(number, number);
    store.claimExactPodCidrs(peer.name(), peer.podCidrs());
    store.publishNode(peer);
  }

  private List<Prefix> published() {
    return store.snapshot().nodes().get(NODE1).podCidrs();
  }

  @Test
  void theFirstPassClaimsAPodCidrAndPublishesTheNode() {
    hearTheStore();
    Pass pass = pass();
    assertThat(pass.problems()).isEmpty();
    assertThat(published()).hasSize(2).isEqualTo(store.state().claims().get(NODE1));
    assertThat(pass.view().orElseThrow().self()).isEqualTo(store.snapshot().nodes().get(NODE1));
    assertThat(namespace.run("ip route show")).contains("unreachable " + published().getFirst());
    hearTheStore();
    assertThat(pass().plan().text()).isEmpty();
  }

  @Test
  void aDryRunChangesNothingAndClaimsNothing() {
    hearTheStore();
    Pass pass = namespace.namespace().call(() -> reconciler.pass(true));
    assertThat(pass.plan().text()).contains("naru-vxlan");
    assertThat(store.state().claims()).isEmpty();
    assertThat(namespace.run("ip link show")).doesNotContain("naru-vxlan");
  }

  @Test
  void aRestartKeepsThePodCidr() {
    hearTheStore();
    pass();
    List<Prefix> before = published();
    publishPeer(9);
    restart();
    hearTheStore();
    assertThat(pass().problems()).isEmpty();
    assertThat(published()).isEqualTo(before);
    assertThat(namespace.run("ip route show")).contains("10.244.9.0/24");
  }

  @Test
  void aCrashBetweenClaimAndPublishingKeepsTheClaim() {
    List<Prefix> claimed = store.claimPodCidrs(NODE1, List.of());
    hearTheStore();
    assertThat(pass().problems()).isEmpty();
    assertThat(published()).isEqualTo(claimed);
  }

  @Test
  void withTheStoreAwayTheRememberedClusterIsEnough() {
    publishPeer(9);
    hearTheStore();
    pass();
    hearTheStore();
    namespace.run("ip link del naru-vxlan && ip route flush proto 72 && nft flush ruleset");
    store.close();
    restart();
    memory.disconnected("nobody answers");
    Pass pass = pass();
    assertThat(pass.problems()).isEmpty();
    assertThat(namespace.run("ip route show")).contains("10.244.9.0/24 via");
    assertThat(memory.isFresh()).isFalse();
  }

  @Test
  void aStoreThatSaysNothingRemovesNoPeer() throws Exception {
    publishPeer(9);
    hearTheStore();
    pass();
    memory.disconnected("nobody answers");
    assertThat(pass().plan().text()).isEmpty();

    Files.delete(directory.resolve("cluster.json"));
    restart();
    Pass pass = pass();
    assertThat(pass.view()).isEmpty();
    assertThat(pass.problems())
        .singleElement()
        .asString()
        .contains("waiting for the first word of the store");
    assertThat(namespace.run("ip route show")).contains("10.244.9.0/24 via");
  }

  @Test
  void aDamagedMemoryIsNoMemoryAndOnlyRootMayReadIt() throws Exception {
    hearTheStore();
    Path file = directory.resolve("cluster.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.writeString(file, "{\"revision\":");
    restart();
    assertThat(memory.snapshot()).isEmpty();
  }

  @Test
  void aNodeClaimsABlockOfTheFamilyThatItsNetworkGains() {
    store.close();
    InMemoryClusterStore network =
        new InMemoryClusterStore(
            NetworkConfigurationParser.parse(Map.of("clusterCidrs", List.of("10.244.0.0/16"))));
    store = network;
    restart();
    hearTheStore();
    memory.connected();
    pass();
    List<Prefix> before = published();
    assertThat(before).hasSize(1);

    network.execute(
        new Command.ChangeConfiguration(
            NetworkConfigurationParser.parse(
                Map.of("clusterCidrs", List.of("10.244.0.0/16", "fd44::/48")))));
    hearTheStore();
    assertThat(pass().problems()).isEmpty();
    assertThat(published()).hasSize(2).containsAll(before);
    assertThat(namespace.run("ip -6 route show")).contains("unreachable " + published().getLast());
    hearTheStore();
    assertThat(pass().plan().text()).isEmpty();
  }

  @Test
  void aClusterCidrThatIsTheUnderlaysIsNamedAndNothingIsClaimed() {
    store.close();
    NetworkConfiguration overlapping =
        NetworkConfigurationParser.parse(Map.of("clusterCidrs", List.of("172.26.0.0/16")));
    store = new InMemoryClusterStore(overlapping);
    restart();
    hearTheStore();
    Pass pass = pass();
    assertThat(pass.problems())
        .singleElement()
        .asString()
        .contains("172.26.0.0/16, which overlaps the underlay's 172.26.50.0/24 on eth0");
    assertThat(store.state().claims()).isEmpty();
    assertThat(namespace.run("ip link show")).doesNotContain("naru-vxlan");
  }

  @Test
  void anUnderlayThatIsGoneForAMomentIsAProblemNotANewBeginning() {
    hearTheStore();
    pass();
    namespace.run("ip link set eth0 down");
    Pass pass = pass();
    assertThat(pass.problems()).isNotEmpty();
    assertThat(pass.view()).isPresent();
    namespace.run("ip link set eth0 up");
    hearTheStore();
    assertThat(pass().problems()).isEmpty();
  }

  @Test
  void aNodeThatSomeoneWithdrewComesBack() {
    hearTheStore();
    pass();
    store.withdrawNode(NODE1);
    hearTheStore();
    assertThat(pass().problems()).isEmpty();
    assertThat(published()).hasSize(2);
  }

  private Pass pass(Set<NodeName> peers) {
    return namespace.namespace().call(() -> reconciler.pass(new Scope.Peers(peers)));
  }

  private void knowTheCluster() {
    hearTheStore();
    assertThat(pass().problems()).isEmpty();
    hearTheStore();
    assertThat(pass().plan().text()).isEmpty();
  }

  @Test
  void aPeersChangeIsDoneWithoutReadingTheKernel() {
    publishPeer(2);
    knowTheCluster();
    publishPeer(7);
    hearTheStore();
    Pass come = pass(Set.of(new NodeName("node7")));
    assertThat(come.problems()).isEmpty();
    assertThat(come.timing().entries()).as("entries compared").isZero();
    assertThat(namespace.run("ip route show dev naru-vxlan")).contains("10.244.7.0/24");
    assertThat(namespace.run("nft list table inet naru")).contains("172.26.57.17");
    assertThat(pass().plan().text()).as("the full comparison agrees").isEmpty();

    store.withdrawNode(new NodeName("node7"));
    hearTheStore();
    assertThat(pass(Set.of(new NodeName("node7"))).problems()).isEmpty();
    assertThat(namespace.run("ip route show table all; bridge fdb; nft list table inet naru"))
        .doesNotContain("10.244.7.0")
        .doesNotContain("172.26.57.17");
    assertThat(pass().plan().text()).as("the full comparison agrees").isEmpty();
  }

  @Test
  void whatAPeersChangeDoesNotSayIsLookedAtInTheWholeKernel() {
    publishPeer(2);
    hearTheStore();
    assertThat(pass(Set.of(new NodeName("node2"))).timing().entries())
        .as("nothing is known yet")
        .isPositive();
    hearTheStore();
    assertThat(pass(Set.of(NODE1)).timing().entries()).as("this node itself").isPositive();
  }

  @Test
  void onePeerThatTheKernelRefusesDelaysNoOther() {
    knowTheCluster();
    namespace.run("ip route add 10.244.7.0/24 dev eth0"); // another program's
    publishPeer(7);
    publishPeer(8);
    hearTheStore();
    Pass pass = pass(Set.of(new NodeName("node7"), new NodeName("node8")));
    assertThat(pass.problems()).singleElement().asString().contains("10.244.7.0/24");
    assertThat(namespace.run("ip route show dev naru-vxlan")).contains("10.244.8.0/24");
  }

  @Test
  void newsOfAPeerThatIsNotAskedForIsLeftToItsOwnPass() {
    knowTheCluster();
    publishPeer(7);
    publishPeer(8);
    hearTheStore();
    assertThat(pass(Set.of(new NodeName("node7"))).problems()).isEmpty();
    assertThat(namespace.run("ip route show dev naru-vxlan")).doesNotContain("10.244.8.0/24");
    assertThat(pass(Set.of(new NodeName("node8"))).problems()).isEmpty();
    assertThat(namespace.run("ip route show dev naru-vxlan")).contains("10.244.8.0/24");
  }
}

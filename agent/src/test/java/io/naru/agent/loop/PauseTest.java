package io.naru.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.agent.TestNamespace;
import io.naru.agent.kernel.FilterTables;
import io.naru.agent.kernel.HostSettings;
import io.naru.agent.kernel.KernelReader;
import io.naru.agent.kernel.KernelWriter;
import io.naru.agent.kernel.Steps;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.Operation;
import io.naru.core.state.Plan;
import io.naru.linux.route.RouteNetlink;
import io.naru.store.memory.InMemoryClusterStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loop that is paused and resumed, over a store in memory and a kernel in a namespace. */
class PauseTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final NodeName NODE1 = new NodeName("node1");

  @TempDir Path directory;
  private final InMemoryClusterStore store =
      new InMemoryClusterStore(TestCluster.configuration(TransportPolicy.VXLAN));
  private TestNamespace namespace;
  private RouteNetlink netlink;
  private ClusterMemory memory;
  private ReconcileLoop loop;
  private Pause pause;
  private FilterTables filters;

  @BeforeEach
  void startNode() {
    namespace = new TestNamespace();
    namespace.run(
        "ip link add eth0 type veth peer name wire && ip link set wire up"
            + " && ip addr add 172.26.50.11/24 dev eth0 && ip link set eth0 up"
            + " && ip route add default via 172.26.50.1");
    netlink = namespace.namespace().call(RouteNetlink::open);
    startAgent();
  }

  @AfterEach
  void removeNode() {
    stopAgent();
    netlink.close();
    store.close();
    namespace.close();
  }

  private Path file() {
    return directory.resolve("paused");
  }

  private void startAgent() {
    memory = new ClusterMemory(directory.resolve("cluster.json"), touched -> {});
    filters = namespace.namespace().call(() -> FilterTables.open(directory));
    Reconciler reconciler =
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
    pause = new Pause(file(), () -> loop.trigger(), () -> NOW);
    loop = new ReconcileLoop(reconciler, ReconcileLoop.FULL_COMPARISON, pass -> {}, pause);
    hearTheStore();
    namespace.namespace().run(loop::start); // its thread stays in the namespace
  }

  private void stopAgent() {
    loop.close();
    filters.close();
  }

  private void hearTheStore() {
    memory.changed(store.snapshot(), Set.of());
  }

  private String links() {
    return namespace.run("ip -o link show");
  }

  @Test
  void whilePausedNothingIsRepairedAndWhatDiffersIsKnown() {
    pause.end(); // a whole pass is over when this returns
    hearTheStore();
    assertThat(links()).contains("naru-vxlan");
    assertThat(pause.differences()).isEmpty();

    pause.begin();
    assertThat(pause.since()).contains(NOW);
    assertThat(pause.differences()).isEmpty();
    namespace.run("ip link del naru-vxlan");
    Node peer = TestCluster.node(9, 9);
    store.claimExactPodCidrs(peer.name(), peer.podCidrs());
    store.publishNode(peer);
    hearTheStore();
    pause.begin(); // again: another whole pass
    assertThat(links()).doesNotContain("naru-vxlan");
    assertThat(pause.differences())
        .anyMatch(line -> line.startsWith("+ ") && line.contains("naru-vxlan"))
        .anyMatch(line -> line.contains("10.244.9.0/24"));

    pause.end();
    assertThat(links()).contains("naru-vxlan");
    assertThat(namespace.run("ip route show")).contains("10.244.9.0/24");
    assertThat(pause.differences()).isEmpty();
    assertThat(pause.since()).isEmpty();
    assertThat(file()).doesNotExist();
  }

  @Test
  void aPauseOutlivesTheAgentAndKeepsNoNodeOutOfTheCluster() {
    pause.end(); // a whole pass is over when this returns
    pause.begin();
    stopAgent();
    namespace.run("ip link del naru-vxlan");
    store.withdrawNode(NODE1);

    startAgent();
    assertThat(pause.since()).contains(NOW);
    pause.begin();
    assertThat(links()).doesNotContain("naru-vxlan");
    assertThat(pause.differences()).anyMatch(line -> line.contains("naru-vxlan"));
    assertThat(store.snapshot().nodes()).containsKey(NODE1);
    pause.end();
    assertThat(links()).contains("naru-vxlan");
  }

  @Test
  void aFileThatACrashCutOffIsAPause() throws Exception {
    Files.writeString(file(), "2026-0");
    assertThat(new Pause(file(), () -> {}, () -> NOW).since()).contains(NOW);
  }

  @Test
  void ofVeryManyDifferencesTheFirstAreTold() {
    pause.begin();
    List<Operation> many = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      many.add(new Operation.Remove(new KernelEntry.Setting("net/" + i, "1", Optional.empty())));
    }
    loop.close();
    pause.passed(pause.round(), new Scope.Everything(), new Plan(many));
    assertThat(pause.differences()).hasSize(101).last().isEqualTo("and 4900 more");
  }
}

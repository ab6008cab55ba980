package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestCluster;
import io.naru.core.address.IpAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store is away, however long: nothing in the agent counts how long it was. */
class StoreAwayRepairTest {
  private RepairedNode node;
  private AwayStore store;

  @BeforeEach
  void start(@TempDir Path directory) {
    node = new RepairedNode(directory);
    store = new AwayStore(node.store);
    node.seenStore = store;
    node.start().settle();
    store.leave(node.memory());
  }

  @AfterEach
  void close() {
    store.comeBack(node.memory());
    node.close();
  }

  @Test
  void theKernelStaysAsItIsAndIsKeptSo() {
    List<String> before = node.state();
    node.isRepairedAfter("ip link del naru-vxlan");
    node.isRepairedAfter("ip route del 10.244.3.0/24");
    assertThat(node.state()).isEqualTo(before);
    assertThat(node.memory().isConnected()).isFalse();
  }

  @Test
  void whatCannotBePublishedHoldsUpNoRepair() {
    node.run("ip addr del 172.26.50.11/24 dev eth0 && ip addr add 172.26.50.44/24 dev eth0");
    node.run("ip route replace default via 172.26.50.1");
    await().until(() -> node.run("ip -d link show type vxlan").contains("local 172.26.50.44"));
    node.run("ip route del 10.244.1.5/32");
    await().until(() -> node.run("ip route show").contains("10.244.1.5 dev"));

    store.comeBack(node.memory());
    await()
        .until(
            () ->
                node.store.snapshot().nodes().get(RepairedNode.NAME).publicAddresses().stream()
                    .anyMatch(IpAddress.parse("172.26.50.44")::equals));
  }

  @Test
  void podsComeAndGo() {
    String second = "naruaaaaaaaaaaa";
    node.run("ip link add " + second + " type veth peer name pod1");
    node.run("ip link set pod1 up && ip link set " + second + " up");
    node.addPod(second, 6);
    await()
        .untilAsserted(
            () -> assertThat(node.run("ip route show")).contains("10.244.1.6 dev " + second));
    node.removePod(second);
    await().until(() -> !node.run("ip route show").contains("10.244.1.6"));
  }

  @Test
  void anAgentThatStartsMeanwhileKnowsItsPeers() {
    List<String> before = node.state();
    node.stop();
    node.run("ip route flush proto 72; ip link del naru-vxlan");
    node.startWithoutStore();
    await().untilAsserted(() -> assertThat(node.state()).isEqualTo(before));
    assertThat(node.memory().isFresh()).isFalse();
  }

  @Test
  void whatChangedMeanwhileIsAppliedAfterwards() {
    int passes = node.passes.size();
    node.store.withdrawNode(RepairedNode.NEAR.name());
    for (int i = 20; i < 60; i++) {
      node.publish(TestCluster.node(i, 0));
    }
    assertThat(node.run("ip route show")).contains("10.244.3.0/24").doesNotContain("10.244.20.0");
    store.comeBack(node.memory());
    await()
        .untilAsserted(
            () ->
                assertThat(node.run("ip route show"))
                    .contains("10.244.20.0/24", "10.244.59.0/24")
                    .doesNotContain("10.244.3.0/24"));
    node.settle();
    assertThat(node.passes.size()).as("passes, not one a change").isLessThan(passes + 20);
  }
}

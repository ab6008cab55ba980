package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is paused and resumed, with all that triggers it and a real kernel. */
class PausedNodeTest {
  @TempDir Path directory;
  private RepairedNode node;

  @BeforeEach
  void start() {
    node = new RepairedNode(directory).start().settle();
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void whilePausedNothingIsRepairedAndWhatDiffersIsKnown() {
    // The peer that comes meanwhile has elements of its own in the sets that count packets.
    List<String> sound = node.state().stream().filter(line -> !line.contains(" counter")).toList();
    node.pause().begin();
    assertThat(node.pause().differences()).isEmpty();
    node.run("ip link del naru-vxlan; ip rule del priority 472; nft delete table inet naru");
    node.run("echo 0 >/proc/sys/net/ipv4/ip_forward");
    node.publish(TestCluster.node(9, 9));
    List<String> drifted = node.state();
    node.pause().begin(); // again: a whole pass is over when this returns
    node.settle();
    assertThat(node.state()).isEqualTo(drifted);
    assertThat(node.pause().differences())
        .anyMatch(line -> line.startsWith("+ link naru-vxlan"))
        .anyMatch(line -> line.contains("ip_forward"))
        .anyMatch(line -> line.contains("10.244.9.0/24"));

    node.pause().end();
    assertThat(node.state()).containsAll(sound);
    assertThat(node.run("ip route show")).contains("10.244.9.0/24 via");
    assertThat(node.pause().differences()).isEmpty();
  }

  @Test
  void aPauseOutlivesTheAgentAndKeepsNoNodeOutOfTheCluster() {
    node.pause().begin();
    node.stop();
    node.run("ip link del naru-vxlan");
    node.store.withdrawNode(RepairedNode.NAME);
    node.start();
    assertThat(node.pause().since()).isPresent();
    node.pause().begin();
    node.settle();
    assertThat(node.run("ip -o link show")).doesNotContain("naru-vxlan");
    assertThat(node.store.snapshot().nodes()).containsKey(RepairedNode.NAME);
    node.pause().end();
    assertThat(node.run("ip -o link show")).contains("naru-vxlan");
  }

  @Test
  void aRouteThatSomeoneMadeForANodeThatCameMeanwhileStaysTheirs() {
    node.pause().begin();
    node.run("ip route add 10.244.9.0/24 dev eth0");
    node.publish(TestCluster.node(9, 9));
    node.pause().begin();
    node.pause().end();
    assertThat(node.run("ip route show 10.244.9.0/24")).startsWith("10.244.9.0/24 dev eth0");
    assertThat(node.last().problems())
        .singleElement()
        .asString()
        .contains("another program's route to 10.244.9.0/24");
  }
}

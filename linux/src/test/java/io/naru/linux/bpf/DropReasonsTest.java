package io.naru.linux.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.linux.TestNamespace;
import io.naru.linux.bpf.DropReasons.Dropped;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel's own words on packets that it drops, in namespaces of the test's own. */
class DropReasonsTest {
  private static final int PORT = 8473;

  private static void send(TestNamespace host, String address, int port) throws IOException {
    host.call(
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[8], 8, InetAddress.getByName(address), port));
          } catch (IOException dropped) {
            // Sending tells of a rule of its own namespace at once.
          }
          return port;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void theReasonOfADroppedPacketIsTold(String address) throws IOException {
    try (TestNamespace host = new TestNamespace();
        TestNamespace other = new TestNamespace()) {
      for (TestNamespace each : List.of(host, other)) {
        each.run("ip", "link", "set", "lo", "up");
        each.run("nft", "add table inet t");
        each.run("nft", "add chain inet t in { type filter hook input priority 0; }");
        each.run("nft", "add rule inet t in udp dport " + PORT + " drop");
      }
      try (DropReasons reasons = host.call(() -> DropReasons.open(Set.of(PORT, PORT + 1)))) {
        send(host, address, PORT);
        send(host, address, PORT);
        send(host, address, PORT + 1);
        send(host, address, PORT + 2); // another port
        send(other, address, PORT); // another namespace
        assertThat(reasons.counted())
            .containsExactlyInAnyOrder(
                new Dropped("NETFILTER_DROP", PORT, 2), new Dropped("NO_SOCKET", PORT + 1, 1));
      }
    }
  }

  @Test
  void aRuleOnTheWayOutHasItsReasonAsWell() throws IOException {
    try (TestNamespace host = new TestNamespace()) {
      host.run("ip", "link", "set", "lo", "up");
      host.run("nft", "add table inet t");
      host.run("nft", "add chain inet t out { type filter hook output priority 0; }");
      host.run("nft", "add rule inet t out udp dport " + PORT + " drop");
      try (DropReasons reasons = host.call(() -> DropReasons.open(Set.of(PORT)))) {
        send(host, "127.0.0.1", PORT);
        assertThat(reasons.counted()).containsExactly(new Dropped("NETFILTER_DROP", PORT, 1));
      }
    }
  }
}

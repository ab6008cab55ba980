package io.naru.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.linux.TestNamespace;
import io.naru.linux.call.Errno;
import io.naru.linux.call.KernelException;
import io.naru.linux.nftables.Nftables;
import io.naru.linux.route.LinkSettings;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteNetlink;
import io.naru.linux.route.RoutingRule;
import io.naru.linux.socket.ProbeOptions.Fragmentation;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeSocketTest {
  private static Errno refusal(ProbeSocket socket, IpAddress to, int bytes) {
    try {
      socket.send(to, 9999, new byte[bytes]);
      return Errno.UNKNOWN;
    } catch (KernelException refused) {
      return refused.errno();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void sendsReceivesAndTellsEveryRefusalExactly(String loopback) {
    IpAddress here = IpAddress.parse(loopback);
    try (TestNamespace test = new TestNamespace()) {
      test.namespace().run(() -> exchange(here));
    }
  }

  @Test
  void anotherThreadThanTheSendersMayCloseIt() throws InterruptedException {
    ProbeSocket socket = ProbeSocket.open(IpAddress.parse("127.0.0.1"), 0, ProbeOptions.plain());
    Thread sender =
        Thread.ofPlatform()
            .start(() -> socket.send(IpAddress.parse("127.0.0.1"), socket.port(), new byte[1]));
    sender.join();
    Thread closer = Thread.ofPlatform().daemon().start(socket::close);
    assertThat(closer.join(Duration.ofSeconds(10))).as("closed").isTrue();
  }

  private static void exchange(IpAddress here) {
    Prefix away = Prefix.parse(here.isIpv4() ? "192.0.2.0/24" : "2001:db8::/32");
    IpAddress there = away.address().plus(1);
    try (RouteNetlink netlink = RouteNetlink.open()) {
      netlink.setUp(1);
      netlink.setLink(1, LinkSettings.none().withMtu(1500));
      netlink.addRoute(Route.unreachable(away).withTable(900));
      netlink.addRule(RoutingRule.forMark(here.family(), 50, 7, 0xff, 900, 77));
    }
    ProbeOptions probing = ProbeOptions.plain().withFragmentation(Fragmentation.PROBING);
    try (ProbeSocket server = ProbeSocket.open(here, 0, ProbeOptions.plain());
        ProbeSocket client = ProbeSocket.open(here, 0, probing);
        ProbeSocket marked = ProbeSocket.open(here, 0, probing.withMark(7))) {
      client.send(here, server.port(), new byte[] {1, 2, 3});
      ReceivedDatagram got = server.receive(Duration.ofSeconds(10)).orElseThrow();
      assertThat(got.bytes()).containsExactly(1, 2, 3);
      assertThat(got.source()).isEqualTo(here);
      assertThat(got.sourcePort()).isEqualTo(client.port());
      assertThat(server.receive(Duration.ZERO)).isEmpty();

      assertThat(refusal(client, here, 3000)).isEqualTo(Errno.EMSGSIZE);
      assertThat(refusal(client, there, 10)).isEqualTo(Errno.ENETUNREACH);
      assertThat(refusal(marked, there, 10)).isEqualTo(Errno.EHOSTUNREACH);
      Nftables.apply(
          "table inet t { chain o { type filter hook output priority 0; udp dport 9999 drop; }; }");
      assertThat(refusal(client, here, 10)).isEqualTo(Errno.EPERM);
      assertThatThrownBy(() -> ProbeSocket.open(there, 0, ProbeOptions.plain()))
          .hasMessageContaining(there.toString());
    }
  }
}

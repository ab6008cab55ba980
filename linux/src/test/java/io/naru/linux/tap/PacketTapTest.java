package io.naru.linux.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.linux.TestNamespace;
import io.naru.linux.route.ForwardingEntry;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkAddress;
import io.naru.linux.route.LinkKind.Vxlan;
import io.naru.linux.route.LinkSpec;
import io.naru.linux.route.Neighbour;
import io.naru.linux.route.RouteNetlink;
import io.naru.linux.socket.ProbeOptions;
import io.naru.linux.socket.ProbeSocket;
import io.naru.linux.tap.BpfPrograms.LinkHeader;
import io.naru.linux.tap.TappedPacket.Direction;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two nodes joined by a veth pair, a kernel VXLAN device on each. */
class PacketTapTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int PORT = 8472;

  private TestNamespace one;
  private TestNamespace two;

  @BeforeEach
  void joinTwoNamespaces() {
    one = new TestNamespace();
    two = new TestNamespace();
    one.call(
        () -> {
          try (RouteNetlink netlink = RouteNetlink.open()) {
            return netlink.createLink(
                LinkSpec.veth("wire", LinkSpec.end("wire").inNamespace(two.descriptor())));
          }
        });
  }

  @AfterEach
  void removeThem() {
    one.close();
    two.close();
  }

  private static MacAddress vtep(int node) {
    return MacAddress.locallyAdministered(node);
  }

  private static void node(
      TestNamespace namespace, int self, int other, String underlay, String overlay) {
    namespace.call(
        () -> {
          try (RouteNetlink netlink = RouteNetlink.open()) {
            Link wire = netlink.link("wire").orElseThrow();
            netlink.setUp(wire.index());
            address(netlink, wire, underlay.formatted(self));
            IpAddress local = InterfaceAddress.parse(underlay.formatted(self)).address();
            Link vxlan =
                netlink.createLink(
                    LinkSpec.vxlan("vx", Vxlan.of(7, local, PORT).withParent(wire.index()))
                        .withAddress(vtep(self))
                        .withUp());
            address(netlink, vxlan, overlay.formatted(self));
            IpAddress peer = InterfaceAddress.parse(overlay.formatted(other)).address();
            IpAddress remote = InterfaceAddress.parse(underlay.formatted(other)).address();
            netlink.setNeighbour(Neighbour.permanent(vxlan.index(), peer, vtep(other)));
            netlink.setForwardingEntry(ForwardingEntry.tunnel(vxlan.index(), vtep(other), remote));
            return Boolean.TRUE;
          }
        });
  }

  private static void address(RouteNetlink netlink, Link link, String text) {
    netlink.addAddress(
        LinkAddress.of(link.index(), InterfaceAddress.parse(text))
            .withFlags(LinkAddress.NO_DUPLICATE_DETECTION));
  }

  private static ProbeSocket socket(TestNamespace in, String address, int port) {
    IpAddress bound = InterfaceAddress.parse(address).address();
    return in.call(() -> ProbeSocket.open(bound, port, ProbeOptions.plain()));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.%d/24, 10.9.0.%d/24, 50",
    "192.0.2.%d/24, fd09::%d/64, 50",
    "fd02::%d/64, 10.9.0.%d/24, 70",
    "fd02::%d/64, fd09::%d/64, 70"
  })
  void seesTheVxlanPacketsOfARealTunnelInBothDirections(
      String underlay, String overlay, int overhead) {
    node(one, 1, 2, underlay, overlay);
    node(two, 2, 1, underlay, overlay);
    IpAddress peer = InterfaceAddress.parse(overlay.formatted(2)).address();
    BpfProgram wanted = BpfPrograms.vxlanWithUdpTo(LinkHeader.ETHERNET, PORT, 4242);
    BpfProgram inner = BpfPrograms.udpTo(LinkHeader.ETHERNET, 4242);
    try (PacketTap sent = one.call(() -> PacketTap.open("wire", wanted));
        PacketTap arrived = two.call(() -> PacketTap.open("wire", wanted));
        PacketTap unpacked = two.call(() -> PacketTap.open("vx", inner));
        ProbeSocket sender = socket(one, overlay.formatted(1), 0);
        ProbeSocket receiver = socket(two, overlay.formatted(2), 4242)) {
      sender.send(peer, 4243, new byte[100]);
      sender.send(peer, 4242, new byte[300]);

      assertThat(receiver.receive(SOON).orElseThrow().bytes()).hasSize(300);
      TappedPacket out = sent.receive(SOON).orElseThrow();
      TappedPacket in = arrived.receive(SOON).orElseThrow();
      TappedPacket frame = unpacked.receive(SOON).orElseThrow();
      assertThat(out.direction()).isEqualTo(Direction.EGRESS);
      assertThat(in.direction()).isEqualTo(Direction.INGRESS);
      int innerLength = 14 + (peer.isIpv4() ? 20 : 40) + 8 + 300;
      assertThat(frame.originalLength()).isEqualTo(innerLength);
      assertThat(out.originalLength()).isEqualTo(innerLength + overhead);
      assertThat(out.bytes()).hasSize(PacketTap.DEFAULT_SNAP_LENGTH);
      assertThat(in.bytes()).isEqualTo(out.bytes());
      assertThat(sent.receive(Duration.ZERO)).isEmpty();
      assertThat(sent.statistics()).isEqualTo(new TapStatistics(1, 0));
      assertThat(sent.statistics()).isEqualTo(new TapStatistics(1, 0));
    }
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.%d/24", "fd02::%d/64"})
  void seesTheIcmpErrorThatRefusesADatagram(String underlay) {
    node(one, 1, 2, underlay, "10.9.0.%d/24");
    node(two, 2, 1, underlay, "10.9.0.%d/24");
    try (PacketTap errors =
            one.call(() -> PacketTap.open("wire", BpfPrograms.icmpErrors(LinkHeader.ETHERNET)));
        ProbeSocket sender = socket(one, underlay.formatted(1), 0)) {
      sender.send(InterfaceAddress.parse(underlay.formatted(2)).address(), 9, new byte[8]);

      assertThat(errors.receive(SOON).orElseThrow().direction()).isEqualTo(Direction.INGRESS);
    }
  }

  @Test
  void closingEndsAWait() {
    node(
        one, 1, 2, "192.0.2.%d/24", "10.9.0.%d/24"); // a tap on a link that is down says so instead
    PacketTap tap = one.call(() -> PacketTap.open("wire", BpfPrograms.udpTo(LinkHeader.NONE, 1)));
    CompletableFuture<Optional<TappedPacket>> waiting = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> waiting.completeAsync(() -> tap.receive(Duration.ofDays(1)), Runnable::run));
    tap.close();

    assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join()).isEmpty();
    assertThat(thread).isNotNull();
    tap.close();
  }
}

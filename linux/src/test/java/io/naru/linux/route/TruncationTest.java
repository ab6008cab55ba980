package io.naru.linux.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.Payload;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message we write, cut at every byte and with bytes flipped, is read or refused. */
class TruncationTest {
  private static final MacAddress MAC = new MacAddress(0x020000000001L);

  static Stream<NetlinkMessage> messages() {
    return Stream.of("10.0.0.1", "fd00::1")
        .map(IpAddress::parse)
        .flatMap(
            address -> {
              Route route =
                  Route.via(Prefix.around(address, 24), address, 3)
                      .withMtu(1400)
                      .withPreferredSource(address);
              Route multipath =
                  new Route(
                      route.destination(),
                      254,
                      RouteKind.UNICAST,
                      Optional.empty(),
                      Optional.empty(),
                      0,
                      false,
                      0,
                      4,
                      7,
                      route.mtu(),
                      List.of(
                          new NextHop(Optional.of(address), 3, true, 1),
                          new NextHop(Optional.of(address), 4, false, 256)));
              LinkSpec spec =
                  LinkSpec.vxlan("vx", LinkKind.Vxlan.of(1, address, 8472))
                      .withAddress(MAC)
                      .withMtu(1450);
              return Stream.of(
                      new Change.AddRoute(route),
                      new Change.AddRoute(multipath),
                      new Change.CreateLink(spec),
                      new Change.AddAddress(
                          LinkAddress.of(3, new InterfaceAddress(address, 24)).withFlags(0x202)),
                      new Change.SetNeighbour(Neighbour.permanent(3, address, MAC)),
                      new Change.SetForwardingEntry(ForwardingEntry.tunnel(3, MAC, address)),
                      new Change.AddRule(
                          RoutingRule.forDestination(route.destination(), 9, 900, 77)))
                  .flatMap(change -> ChangeCodec.requests(change).stream())
                  .map(r -> new NetlinkMessage(r.type(), 0, 1, 0, r.payload()));
            });
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aWholeMessageIsRead(NetlinkMessage message) {
    assertThat(RouteEvents.read(message)).isPresent();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aTruncatedOrHostileMessageIsReadOrRefused(NetlinkMessage message) {
    byte[] bytes = message.payload().toBytes();
    for (int length = 0; length < bytes.length; length++) {
      readOrRefuse(message, message.payload().slice(0, length));
    }
    Random random = new Random(bytes.length);
    for (int round = 0; round < 2000; round++) {
      byte[] hostile = bytes.clone();
      hostile[random.nextInt(hostile.length)] = (byte) random.nextInt();
      readOrRefuse(message, Payload.of(hostile));
    }
  }

  private static void readOrRefuse(NetlinkMessage message, Payload payload) {
    try {
      var _ = RouteEvents.read(new NetlinkMessage(message.type(), 0, 1, 0, payload));
    } catch (NaruException refused) {
      assertThat(refused.code()).isEqualTo(ErrorCode.MALFORMED);
    }
  }

  @Test
  void aRouteThatWasWrittenReadsBackEqual() {
    Route route =
        Route.via(Prefix.parse("fd00::/16"), IpAddress.parse("fe80::1"), 9).withTable(4000);

    assertThat(RouteCodec.read(RouteCodec.write(route))).contains(route);
    assertThat(Families.filter(Optional.of(IpFamily.IPV6))).isEqualTo(10);
  }
}

package io.naru.linux.route;

import static io.naru.linux.route.Rtnetlink.*;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.Payload;
import io.naru.linux.netlink.PayloadWriter;
import java.util.Optional;
import java.util.OptionalInt;

/** Neighbours and forwarding entries as {@code struct ndmsg} of linux/neighbour.h. */
final class NeighbourCodec {
  /** Family, 3 bytes of padding, index, state, flags, kind. */
  private static final int HEADER = 12;

  private NeighbourCodec() {}

  private static PayloadWriter header(int family, int link, int state, int flags) {
    return new PayloadWriter().u8(family).zeros(3).i32(link).u16(state).u8(flags).u8(0);
  }

  static Payload all(int family, OptionalInt link) {
    PayloadWriter to = header(family, 0, 0, 0);
    link.ifPresent(index -> to.attributeI32(NDA_IFINDEX, index));
    return to.toPayload();
  }

  static Payload write(Neighbour value) {
    PayloadWriter to =
        header(Families.number(value.address().family()), value.link(), value.state().number(), 0);
    to.attribute(NDA_DST, value.address());
    value.hardwareAddress().ifPresent(mac -> to.attribute(NDA_LLADDR, mac));
    return to.toPayload();
  }

  static Payload key(int link, IpAddress address) {
    return header(Families.number(address.family()), link, 0, 0)
        .attribute(NDA_DST, address)
        .toPayload();
  }

  static Payload write(ForwardingEntry value) {
    PayloadWriter to = header(AF_BRIDGE, value.link(), value.state(), value.flags());
    to.attribute(NDA_LLADDR, value.address());
    value.destination().ifPresent(address -> to.attribute(NDA_DST, address));
    if (value.port() != 0) {
      to.attributeBigEndianU16(NDA_PORT, value.port());
    }
    return to.toPayload();
  }

  /** Empty for what is not a neighbour in IP. */
  static Optional<Neighbour> readNeighbour(Payload payload) {
    Optional<IpFamily> family = Families.of(payload.u8(0));
    Attributes attributes = Attributes.parse(payload.from(HEADER));
    Optional<IpAddress> address = attributes.address(NDA_DST);
    if (family.isEmpty() || address.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Neighbour(
            payload.i32(4),
            address.get(),
            attributes.macAddress(NDA_LLADDR),
            NeighbourState.of(payload.u16(8))));
  }

  /** Empty for what is not a forwarding entry. */
  static Optional<ForwardingEntry> readForwardingEntry(Payload payload) {
    Attributes attributes = Attributes.parse(payload.from(HEADER));
    Optional<MacAddress> mac = attributes.macAddress(NDA_LLADDR);
    if (payload.u8(0) != AF_BRIDGE || mac.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ForwardingEntry(
            payload.i32(4),
            mac.get(),
            attributes.address(NDA_DST),
            attributes.bigEndianU16(NDA_PORT, 0),
            payload.u16(8),
            payload.u8(10)));
  }
}

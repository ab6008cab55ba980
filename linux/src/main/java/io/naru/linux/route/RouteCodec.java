package io.naru.linux.route;

import static io.naru.linux.route.Rtnetlink.*;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.Payload;
import io.naru.linux.netlink.PayloadWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Routes as {@code struct rtmsg} of linux/rtnetlink.h with RTA_* attributes. */
final class RouteCodec {
  /** Family, destination and source length, TOS, table, protocol, scope, kind, flags. */
  private static final int HEADER = 12;

  /** {@code struct rtnexthop}: length, flags, weight − 1, index. */
  private static final int HOP_HEADER = 8;

  private static final int SCOPE_NOWHERE = 255;

  private RouteCodec() {}

  private static PayloadWriter header(
      int family, int length, int table, int protocol, int scope, int kind, int flags) {
    return new PayloadWriter()
        .u8(family)
        .u8(length)
        .u8(0)
        .u8(0)
        .u8(table < 256 ? table : 0)
        .u8(protocol)
        .u8(scope)
        .u8(kind)
        .i32(flags);
  }

  static Payload all(RouteFilter filter) {
    PayloadWriter to =
        header(Families.filter(filter.family()), 0, 0, filter.protocol().orElse(0), 0, 0, 0);
    filter.table().ifPresent(table -> to.attributeI32(RTA_TABLE, table));
    filter.outputLink().ifPresent(link -> to.attributeI32(RTA_OIF, link));
    return to.toPayload();
  }

  static Payload lookup(RouteQuestion question) {
    IpAddress to = question.destination();
    // IPv6 tells the table unasked, and refuses the flag.
    int flags = to.isIpv4() ? RTM_F_LOOKUP_TABLE : 0;
    PayloadWriter writer =
        header(Families.number(to.family()), to.family().bits(), 0, 0, 0, 0, flags);
    writer.attribute(RTA_DST, to);
    question.source().ifPresent(source -> writer.attribute(RTA_SRC, source));
    question.mark().ifPresent(mark -> writer.attributeI32(RTA_MARK, mark));
    question.outputLink().ifPresent(link -> writer.attributeI32(RTA_OIF, link));
    byte[] bytes = writer.toPayload().toBytes();
    if (question.source().isPresent()) {
      // rtm_src_len: the source counts only with its whole length.
      bytes[2] = (byte) to.family().bits();
    }
    return Payload.of(bytes);
  }

  /** For removal: any scope matches. */
  static Payload key(Route route) {
    return write(route, route.family() == IpFamily.IPV4 ? SCOPE_NOWHERE : 0);
  }

  static Payload write(Route route) {
    return write(route, route.scope());
  }

  private static Payload write(Route route, int scope) {
    PayloadWriter to =
        header(
            Families.number(route.family()),
            route.destination().length(),
            route.table(),
            route.protocol(),
            scope,
            route.kind().number(),
            route.onlink() ? RTNH_F_ONLINK : 0);
    to.attribute(RTA_DST, route.destination().address());
    to.attributeI32(RTA_TABLE, route.table());
    if (route.metric() != 0) {
      to.attributeI32(RTA_PRIORITY, route.metric());
    }
    route.preferredSource().ifPresent(source -> to.attribute(RTA_PREFSRC, source));
    route
        .mtu()
        .ifPresent(mtu -> to.nested(RTA_METRICS, inside -> inside.attributeI32(RTAX_MTU, mtu)));
    if (route.nextHops().isEmpty()) {
      writeWay(to, route.family(), route.gateway());
      if (route.outputLink() != 0) {
        to.attributeI32(RTA_OIF, route.outputLink());
      }
    } else {
      to.attribute(
          RTA_MULTIPATH,
          inside -> route.nextHops().forEach(hop -> writeHop(inside, route.family(), hop)));
    }
    return to.toPayload();
  }

  private static void writeHop(PayloadWriter to, IpFamily family, NextHop hop) {
    PayloadWriter way = new PayloadWriter();
    writeWay(way, family, hop.gateway());
    byte[] attributes = way.toPayload().toBytes();
    to.u16(HOP_HEADER + attributes.length)
        .u8(hop.onlink() ? RTNH_F_ONLINK : 0)
        .u8(hop.weight() - 1)
        .i32(hop.outputLink())
        .raw(attributes);
  }

  private static void writeWay(PayloadWriter to, IpFamily family, Optional<IpAddress> gateway) {
    gateway.ifPresent(
        address -> {
          if (address.family() == family) {
            to.attribute(RTA_GATEWAY, address);
          } else {
            to.attribute(
                RTA_VIA, via -> via.u16(Families.number(address.family())).raw(address.toBytes()));
          }
        });
  }

  /** Whether it is a route to everywhere: rtm_dst_len is 0. */
  static boolean isDefault(Payload payload) {
    return payload.u8(1) == 0;
  }

  /** Empty for other families and for entries of the cache. */
  static Optional<Route> read(Payload payload) {
    Optional<IpFamily> family = Families.of(payload.u8(0));
    return family.isEmpty() || (payload.i32(8) & RTM_F_CLONED) != 0
        ? Optional.empty()
        : Optional.of(read(payload, family.get()));
  }

  /** The answer to a lookup, which is an entry of the cache. */
  static Route readAnswer(Payload payload) {
    return read(
        payload,
        Families.of(payload.u8(0))
            .orElseThrow(
                () ->
                    new NaruException(
                        ErrorCode.MALFORMED, "the kernel answers with a route of no IP family")));
  }

  private static Route read(Payload payload, IpFamily family) {
    Attributes attributes = Attributes.parse(payload.from(HEADER));
    RouteKind kind = RouteKind.of(payload.u8(7));
    return new Route(
        Families.prefix(family, payload.u8(1), attributes.find(RTA_DST)),
        attributes.i32(RTA_TABLE, payload.u8(4)),
        kind,
        gateway(attributes),
        attributes.address(RTA_PREFSRC),
        // IPv6 names lo where IPv4 names nothing.
        kind.refuses() ? 0 : attributes.i32(RTA_OIF, 0),
        (payload.i32(8) & RTNH_F_ONLINK) != 0,
        payload.u8(6),
        payload.u8(5),
        attributes.i32(RTA_PRIORITY, 0),
        attributes.nested(RTA_METRICS).i32(RTAX_MTU),
        attributes.find(RTA_MULTIPATH).map(RouteCodec::hops).orElse(List.of()));
  }

  private static Optional<IpAddress> gateway(Attributes attributes) {
    return attributes
        .address(RTA_GATEWAY)
        .or(() -> attributes.find(RTA_VIA).map(via -> IpAddress.ofBytes(via.from(2).toBytes())));
  }

  private static List<NextHop> hops(Payload payload) {
    List<NextHop> hops = new ArrayList<>();
    int offset = 0;
    while (payload.length() - offset >= HOP_HEADER) {
      int length = payload.u16(offset);
      if (length < HOP_HEADER) {
        throw new NaruException(
            ErrorCode.MALFORMED, "the kernel tells of a next hop of " + length + " bytes");
      }
      Attributes attributes =
          Attributes.parse(payload.slice(offset + HOP_HEADER, length - HOP_HEADER));
      hops.add(
          new NextHop(
              gateway(attributes),
              payload.i32(offset + 4),
              (payload.u8(offset + 2) & RTNH_F_ONLINK) != 0,
              payload.u8(offset + 3) + 1));
      offset += length + 3 & ~3;
    }
    return List.copyOf(hops);
  }
}

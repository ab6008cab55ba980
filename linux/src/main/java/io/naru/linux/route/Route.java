package io.naru.linux.route;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A route.
 *
 * <p>The factories fill in what the kernel would, so that a route that was made by one and then
 * read back equals it.
 *
 * @param destination where to
 * @param table number of the routing table; {@link #MAIN} is 254
 * @param kind what it does
 * @param gateway the next router; may be of the other family (RFC 5549)
 * @param preferredSource source address of packets that have none yet
 * @param outputLink index of the link; 0 for none or several
 * @param onlink whether the gateway is taken to be on the link whatever its address
 * @param scope RT_SCOPE_*: 0 everywhere, 253 this link, 254 this host; always 0 for IPv6
 * @param protocol who put it there: RTPROT_* of linux/rtnetlink.h, or a number of one's own
 * @param metric the smaller is preferred; IPv6 knows 1024 for "not said"
 * @param mtu largest packet in bytes on this route, if it has its own
 * @param nextHops the ways of a multipath route; empty for a plain one
 */
public record Route(
    Prefix destination,
    int table,
    RouteKind kind,
    Optional<IpAddress> gateway,
    Optional<IpAddress> preferredSource,
    int outputLink,
    boolean onlink,
    int scope,
    int protocol,
    int metric,
    OptionalInt mtu,
    List<NextHop> nextHops) {
  /** RT_TABLE_MAIN. */
  public static final int MAIN = 254;

  /** RT_TABLE_LOCAL. */
  public static final int LOCAL = 255;

  /** RTPROT_KERNEL: the kernel's own. */
  public static final int PROTOCOL_KERNEL = 2;

  /** RTPROT_BOOT: someone's command. */
  public static final int PROTOCOL_BOOT = 3;

  /** RTPROT_STATIC: an administrator's. */
  public static final int PROTOCOL_STATIC = 4;

  /** RTPROT_RA: the kernel's, from a router's advertisement. */
  public static final int PROTOCOL_ROUTER_ADVERTISEMENT = 9;

  static final int SCOPE_LINK = 253;
  static final int SCOPE_HOST = 254;

  /** IP6_RT_PRIO_USER of linux/ipv6_route.h. */
  private static final int IPV6_METRIC = 1024;

  public Route {
    nextHops = List.copyOf(nextHops);
  }

  private static Route of(
      Prefix destination, RouteKind kind, Optional<IpAddress> gateway, int link, int scope) {
    boolean ipv6 = destination.family() == IpFamily.IPV6;
    return new Route(
        destination,
        MAIN,
        kind,
        gateway,
        Optional.empty(),
        link,
        false,
        ipv6 ? 0 : scope,
        PROTOCOL_STATIC,
        ipv6 ? IPV6_METRIC : 0,
        OptionalInt.empty(),
        List.of());
  }

  /** To a prefix by a router on a link. */
  public static Route via(Prefix destination, IpAddress gateway, int outputLink) {
    return of(destination, RouteKind.UNICAST, Optional.of(gateway), outputLink, 0);
  }

  /** To a prefix that is on the link itself. */
  public static Route direct(Prefix destination, int outputLink) {
    return of(destination, RouteKind.UNICAST, Optional.empty(), outputLink, SCOPE_LINK);
  }

  /** Refuses packets to a prefix with ICMP "unreachable". */
  public static Route unreachable(Prefix destination) {
    return of(destination, RouteKind.UNREACHABLE, Optional.empty(), 0, 0);
  }

  /** Drops packets to a prefix. */
  public static Route blackhole(Prefix destination) {
    return of(destination, RouteKind.BLACKHOLE, Optional.empty(), 0, 0);
  }

  /** Takes packets to a prefix as this machine's own. */
  public static Route local(Prefix destination, int link) {
    return of(destination, RouteKind.LOCAL, Optional.empty(), link, SCOPE_HOST);
  }

  public IpFamily family() {
    return destination.family();
  }

  public Route withTable(int value) {
    return with(value, preferredSource, onlink, protocol, metric, mtu);
  }

  public Route withPreferredSource(IpAddress value) {
    return with(table, Optional.of(value), onlink, protocol, metric, mtu);
  }

  /** The gateway is on the link, even if no address of the link says so. */
  public Route withOnlink() {
    return with(table, preferredSource, true, protocol, metric, mtu);
  }

  public Route withProtocol(int value) {
    return with(table, preferredSource, onlink, value, metric, mtu);
  }

  public Route withMetric(int value) {
    return with(table, preferredSource, onlink, protocol, value, mtu);
  }

  public Route withMtu(int value) {
    return with(table, preferredSource, onlink, protocol, metric, OptionalInt.of(value));
  }

  private Route with(
      int newTable,
      Optional<IpAddress> newSource,
      boolean newOnlink,
      int newProtocol,
      int newMetric,
      OptionalInt newMtu) {
    return new Route(
        destination,
        newTable,
        kind,
        gateway,
        newSource,
        outputLink,
        newOnlink,
        scope,
        newProtocol,
        newMetric,
        newMtu,
        nextHops);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (kind != RouteKind.UNICAST) {
      text.append(kind.name().toLowerCase(Locale.ROOT)).append(' ');
    }
    text.append(destination);
    gateway.ifPresent(address -> text.append(" via ").append(address));
    if (outputLink != 0) {
      text.append(" on link ").append(outputLink);
    }
    if (!nextHops.isEmpty()) {
      text.append(" by ").append(nextHops.size()).append(" ways");
    }
    preferredSource.ifPresent(address -> text.append(" from ").append(address));
    if (onlink) {
      text.append(" onlink");
    }
    return text.append(" table ").append(table).append(" protocol ").append(protocol).toString();
  }
}

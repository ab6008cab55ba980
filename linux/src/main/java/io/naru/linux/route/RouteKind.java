package io.naru.linux.route;

/** What a route does with a packet, numbered as RTN_* of linux/rtnetlink.h. */
public enum RouteKind {
  UNSPECIFIED(0),
  UNICAST(1),
  LOCAL(2),
  BROADCAST(3),
  ANYCAST(4),
  MULTICAST(5),
  /** Drops silently. */
  BLACKHOLE(6),
  /** Answers ICMP "host unreachable". */
  UNREACHABLE(7),
  /** Answers ICMP "administratively prohibited". */
  PROHIBIT(8),
  /** Looks further in the next table. */
  THROW(9),
  NAT(10),
  EXTERNAL_RESOLVER(11);

  private final int number;

  RouteKind(int number) {
    this.number = number;
  }

  static RouteKind of(int number) {
    for (RouteKind kind : values()) {
      if (kind.number == number) {
        return kind;
      }
    }
    return UNSPECIFIED;
  }

  int number() {
    return number;
  }

  /** Whether such a route leads nowhere and so has no link. */
  boolean refuses() {
    return switch (this) {
      case BLACKHOLE, UNREACHABLE, PROHIBIT, THROW -> true;
      case UNSPECIFIED, UNICAST, LOCAL, BROADCAST, ANYCAST, MULTICAST, NAT, EXTERNAL_RESOLVER ->
          false;
    };
  }
}

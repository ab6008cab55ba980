package io.naru.linux.route;

import io.naru.core.address.IpFamily;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which routes are wanted; what is empty matches all.
 *
 * @param family one family
 * @param table one table
 * @param protocol one protocol number
 * @param outputLink one link
 */
public record RouteFilter(
    Optional<IpFamily> family, OptionalInt table, OptionalInt protocol, OptionalInt outputLink) {
  private static final RouteFilter ALL =
      new RouteFilter(
          Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

  /** Every route of every table. */
  public static RouteFilter all() {
    return ALL;
  }

  public RouteFilter withFamily(IpFamily value) {
    return new RouteFilter(Optional.of(value), table, protocol, outputLink);
  }

  public RouteFilter withTable(int value) {
    return new RouteFilter(family, OptionalInt.of(value), protocol, outputLink);
  }

  public RouteFilter withProtocol(int value) {
    return new RouteFilter(family, table, OptionalInt.of(value), outputLink);
  }

  public RouteFilter withOutputLink(int value) {
    return new RouteFilter(family, table, protocol, OptionalInt.of(value));
  }

  boolean matches(Route route) {
    return family.map(wanted -> wanted == route.family()).orElse(true)
        && matches(table, route.table())
        && matches(protocol, route.protocol())
        && (matches(outputLink, route.outputLink())
            || route.nextHops().stream().anyMatch(hop -> matches(outputLink, hop.outputLink())));
  }

  private static boolean matches(OptionalInt wanted, int value) {
    return wanted.isEmpty() || wanted.getAsInt() == value;
  }
}

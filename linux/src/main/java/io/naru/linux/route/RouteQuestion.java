package io.naru.linux.route;

import io.naru.core.address.IpAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A packet whose way is asked for.
 *
 * @param destination where it goes
 * @param source its source address, if it has one already
 * @param mark its mark (SO_MARK)
 * @param outputLink the link it is bound to
 */
public record RouteQuestion(
    IpAddress destination, Optional<IpAddress> source, OptionalInt mark, OptionalInt outputLink) {
  /** To an address, nothing else said. */
  public static RouteQuestion to(IpAddress destination) {
    return new RouteQuestion(
        destination, Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
  }

  public RouteQuestion withSource(IpAddress value) {
    return new RouteQuestion(destination, Optional.of(value), mark, outputLink);
  }

  public RouteQuestion withMark(int value) {
    return new RouteQuestion(destination, source, OptionalInt.of(value), outputLink);
  }

  public RouteQuestion withOutputLink(int value) {
    return new RouteQuestion(destination, source, mark, OptionalInt.of(value));
  }
}

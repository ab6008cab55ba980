package io.naru.doctor.compare;

import io.naru.core.address.IpAddress;
import java.util.List;
import java.util.OptionalLong;

/**
 * What two captures say of each other.
 *
 * @param first the node of the first capture
 * @param second the node of the second
 * @param clockOffset nanoseconds that the second node's clock is ahead, with the way's delay;
 *     absent where no packet is in both
 * @param directions from the first to the second, then back
 * @param notes what limits the result, a sentence each
 */
public record Comparison(
    Side first,
    Side second,
    OptionalLong clockOffset,
    List<DirectionComparison> directions,
    List<String> notes) {
  public Comparison {
    directions = List.copyOf(directions);
    notes = List.copyOf(notes);
  }

  /**
   * One capture.
   *
   * @param node by the file's name
   * @param addresses the node's addresses in the underlay
   * @param addressesFrom how they are known
   * @param packets in the file
   * @param milliseconds between its first and its last packet
   */
  public record Side(
      String node,
      List<IpAddress> addresses,
      AddressSource addressesFrom,
      long packets,
      long milliseconds) {
    public Side {
      addresses = List.copyOf(addresses);
    }
  }
}

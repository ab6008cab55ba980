package io.naru.core.desired;

import io.naru.core.address.IpFamily;
import io.naru.core.path.Transport;

/**
 * A set in Naru's nftables table whose elements count the packets of one transport in one
 * direction, one element a peer.
 *
 * @param family of the elements: the outer one for a tunnel
 * @param length leading bits of an address that the elements hold: blocks of pods are looked up by
 *     their first address, so that the set is a hash and not a tree
 */
public record CounterSet(Transport transport, Direction direction, IpFamily family, int length) {
  /** Which way a counted packet went. */
  public enum Direction {
    SENT,
    RECEIVED
  }

  /** The set's name in the table: {@code vxlan_sent4}, {@code direct_received6_64}. */
  public String name() {
    String way =
        switch (direction) {
          case SENT -> "_sent";
          case RECEIVED -> "_received";
        };
    String digit =
        switch (family) {
          case IPV4 -> "4";
          case IPV6 -> "6";
        };
    return transport + way + digit + (length == family.bits() ? "" : "_" + length);
  }
}

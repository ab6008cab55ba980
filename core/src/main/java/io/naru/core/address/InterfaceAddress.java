package io.naru.core.address;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;

/**
 * An address as an interface holds it: together with the length of the prefix it lies in.
 *
 * @param address the address, host bits and all
 * @param prefixLength 0 to 32, or 0 to 128
 */
public record InterfaceAddress(IpAddress address, int prefixLength)
    implements Comparable<InterfaceAddress> {
  public InterfaceAddress {
    if (prefixLength < 0 || prefixLength > address.family().bits()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "the prefix length of "
              + address
              + "/"
              + prefixLength
              + " must be from 0 to "
              + address.family().bits());
    }
  }

  /** Parses {@code ADDRESS/LENGTH}. */
  public static InterfaceAddress parse(String text) {
    int slash = text.indexOf('/');
    String digits = slash < 0 ? "" : text.substring(slash + 1);
    if (!digits.matches("\\d{1,3}")) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'" + text + "' is not an address with a prefix length; write one like 10.244.0.0/16");
    }
    return new InterfaceAddress(
        IpAddress.parse(text.substring(0, slash)), Integer.parseInt(digits));
  }

  /** The prefix this address lies in. */
  public Prefix prefix() {
    return Prefix.around(address, prefixLength);
  }

  @Override
  public int compareTo(InterfaceAddress other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(prefixLength, other.prefixLength);
  }

  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}

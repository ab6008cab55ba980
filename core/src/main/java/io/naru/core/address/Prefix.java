package io.naru.core.address;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;

/**
 * A block of addresses in CIDR notation. Its host bits are zero: two equal blocks are equal
 * records.
 *
 * @param address the first address of the block
 * @param length number of leading bits that are fixed: 0 to 32, or 0 to 128
 */
public record Prefix(IpAddress address, int length) implements Comparable<Prefix> {
  public Prefix {
    int bits = address.family().bits();
    if (length < 0 || length > bits) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "the prefix length of " + address + "/" + length + " must be from 0 to " + bits);
    }
    if (!masked(address, length).equals(address)) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          address
              + "/"
              + length
              + " has host bits set; write "
              + masked(address, length)
              + "/"
              + length);
    }
  }

  /** Parses {@code ADDRESS/LENGTH}; host bits must be zero. */
  public static Prefix parse(String text) {
    InterfaceAddress parts = InterfaceAddress.parse(text);
    return new Prefix(parts.address(), parts.prefixLength());
  }

  /** The block of that length around an address, whatever its host bits. */
  public static Prefix around(IpAddress address, int length) {
    return new Prefix(masked(address, length), length);
  }

  /** The address whose first bits are one, so many of them. */
  public static IpAddress netmask(IpFamily family, int length) {
    return masked(
        switch (family) {
          case IPV4 -> new IpAddress(family, 0, 0xffff_ffffL);
          case IPV6 -> new IpAddress(family, -1, -1);
        },
        length);
  }

  private static IpAddress masked(IpAddress address, int length) {
    if (address.isIpv4()) {
      long mask = length <= 0 ? 0 : 0xffff_ffffL << (32 - length) & 0xffff_ffffL;
      return new IpAddress(IpFamily.IPV4, 0, address.low() & mask);
    }
    long high = length <= 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length);
    long low = length <= 64 ? 0 : length >= 128 ? -1 : -1L << (128 - length);
    return new IpAddress(IpFamily.IPV6, address.high() & high, address.low() & low);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Prefix that && length == that.length && address.equals(that.address);
  }

  @Override
  public int hashCode() {
    return address.hashCode() * 31 + length;
  }

  public IpFamily family() {
    return address.family();
  }

  public boolean contains(IpAddress other) {
    return other.family() == family() && masked(other, length).equals(address);
  }

  public boolean contains(Prefix other) {
    return other.length >= length && contains(other.address);
  }

  public boolean overlaps(Prefix other) {
    return contains(other) || other.contains(this);
  }

  /** The last address of the block. */
  public IpAddress last() {
    if (address.isIpv4()) {
      return new IpAddress(IpFamily.IPV4, 0, address.low() | 0xffff_ffffL >>> length);
    }
    long high = length >= 64 ? address.high() : address.high() | -1L >>> length;
    long low =
        length >= 128 ? address.low() : length <= 64 ? -1 : address.low() | -1L >>> (length - 64);
    return new IpAddress(IpFamily.IPV6, high, low);
  }

  /** Number of addresses, or {@link Long#MAX_VALUE} where a long cannot count them. */
  public long size() {
    int hostBits = family().bits() - length;
    return hostBits >= 63 ? Long.MAX_VALUE : 1L << hostBits;
  }

  /**
   * The block's nth part of a longer length: {@code 10.0.0.0/8.part(24, 1)} is {@code 10.0.1.0/24}.
   *
   * @param partLength length of the part, at least this block's and at most 63 bits more
   * @param index from 0 to {@link #parts(int)} − 1
   */
  public Prefix part(int partLength, long index) {
    if (partLength < length || index < 0 || index >= parts(partLength)) {
      throw new NaruException(
          ErrorCode.INTERNAL, this + " has no part " + index + " of length " + partLength);
    }
    int shift = family().bits() - partLength;
    long high = shift >= 64 ? index << (shift - 64) : shift == 0 ? 0 : index >>> (64 - shift);
    long low = shift >= 64 ? 0 : index << shift;
    return new Prefix(
        new IpAddress(family(), address.high() | high, address.low() | low), partLength);
  }

  /** How many parts of that length the block has, or {@link Long#MAX_VALUE}. */
  public long parts(int partLength) {
    int bits = partLength - length;
    return bits >= 63 ? Long.MAX_VALUE : 1L << Math.max(bits, 0);
  }

  @Override
  public int compareTo(Prefix other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}

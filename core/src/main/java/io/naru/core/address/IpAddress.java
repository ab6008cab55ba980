package io.naru.core.address;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address, without a scope. Ordered by family, then by value. Its text form is
 * dotted decimal (RFC 791) or the canonical form of RFC 5952.
 *
 * @param family the family
 * @param high the upper 64 bits in network order; 0 for IPv4
 * @param low the lower 64 bits in network order; an IPv4 address is in its lower 32 bits
 */
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {
  private static final Pattern DOTTED_DECIMAL = Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}");
  private static final Pattern COLON_HEX = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  public IpAddress {
    if (family == IpFamily.IPV4 && (high != 0 || low >>> 32 != 0)) {
      throw new NaruException(ErrorCode.INTERNAL, "an IPv4 address has 32 bits");
    }
  }

  /** Parses a literal; never asks a name server. */
  public static IpAddress parse(String text) {
    try {
      if (DOTTED_DECIMAL.matcher(text).matches()) {
        return of(Inet4Address.ofLiteral(text));
      }
      if (COLON_HEX.matcher(text).matches()) {
        // An IPv4-mapped literal comes back as an Inet4Address; its 16 bytes are what was written.
        InetAddress address = Inet6Address.ofLiteral(text);
        return address instanceof Inet4Address
            ? new IpAddress(IpFamily.IPV6, 0, 0xffff_0000_0000L | of(address).low)
            : of(address);
      }
    } catch (IllegalArgumentException notAnAddress) {
      throw notAnAddress(text, notAnAddress);
    }
    throw notAnAddress(text, null);
  }

  private static NaruException notAnAddress(String text, @Nullable Exception cause) {
    return new NaruException(
        ErrorCode.BAD_INPUT,
        "'" + text + "' is not an IP address; write one like 192.0.2.1 or 2001:db8::1",
        cause);
  }

  /** The same address as the JDK's type holds. */
  public static IpAddress of(InetAddress address) {
    return ofBytes(address.getAddress());
  }

  /** From 4 or 16 bytes in network order. */
  public static IpAddress ofBytes(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> new IpAddress(IpFamily.IPV4, 0, bigEndian(bytes, 0, 4));
      case 16 -> new IpAddress(IpFamily.IPV6, bigEndian(bytes, 0, 8), bigEndian(bytes, 8, 8));
      default ->
          throw new NaruException(
              ErrorCode.MALFORMED, "an IP address has 4 or 16 bytes, not " + bytes.length);
    };
  }

  private static long bigEndian(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  /** 4 or 16 bytes in network order. */
  public byte[] toBytes() {
    byte[] bytes = new byte[family.bytes()];
    for (int i = 0; i < bytes.length; i++) {
      int shift = 8 * (bytes.length - 1 - i);
      bytes[i] = (byte) (shift >= 64 ? high >>> (shift - 64) : low >>> shift);
    }
    return bytes;
  }

  /** The same address as the JDK's type. */
  public InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(toBytes());
    } catch (UnknownHostException impossible) {
      throw new NaruException(ErrorCode.INTERNAL, "4 or 16 bytes are an address", impossible);
    }
  }

  /** The address as an unsigned number. */
  public BigInteger toNumber() {
    return new BigInteger(1, toBytes());
  }

  /** The address that many places further; wraps at the end of the family's numbers. */
  public IpAddress plus(long offset) {
    if (isIpv4()) {
      return new IpAddress(family, 0, (low + offset) & 0xffff_ffffL);
    }
    long sum = low + offset;
    long carry = offset >= 0 && Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    long borrow = offset < 0 && Long.compareUnsigned(sum, low) > 0 ? 1 : 0;
    return new IpAddress(family, high + carry - borrow, sum);
  }

  public boolean isIpv4() {
    return family == IpFamily.IPV4;
  }

  public boolean isIpv6() {
    return family == IpFamily.IPV6;
  }

  public boolean isLoopback() {
    return isIpv4() ? low >>> 24 == 127 : high == 0 && low == 1;
  }

  /** 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291). */
  public boolean isLinkLocal() {
    return isIpv4() ? low >>> 16 == 0xa9fe : high >>> 54 == 0x3fa;
  }

  /** 224.0.0.0/4 or ff00::/8. */
  public boolean isMulticast() {
    return isIpv4() ? low >>> 28 == 0xe : high >>> 56 == 0xff;
  }

  /** 0.0.0.0 or ::. */
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  /** The prefix that holds this address alone: /32 or /128. */
  public Prefix toPrefix() {
    return new Prefix(this, family.bits());
  }

  // Written out: thousands of them are looked up in each comparison of a kernel.

  @Override
  public boolean equals(Object other) {
    return other instanceof IpAddress that
        && low == that.low
        && high == that.high
        && family == that.family;
  }

  @Override
  public int hashCode() {
    long mixed = (low * 31 + high) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (mixed >>> 32);
  }

  @Override
  public int compareTo(IpAddress other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    return isIpv4()
        ? (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff)
        : Ipv6Text.of(high, low);
  }
}

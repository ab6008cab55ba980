package io.naru.core.address;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A 48-bit link-layer address (EUI-48).
 *
 * @param value the address in the lower 48 bits, first byte highest
 */
public record MacAddress(long value) implements Comparable<MacAddress> {
  private static final Pattern SHAPE = Pattern.compile("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}");
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  public MacAddress {
    if (value >>> 48 != 0) {
      throw new NaruException(ErrorCode.INTERNAL, "a MAC address has 48 bits");
    }
  }

  public static MacAddress parse(String text) {
    if (!SHAPE.matcher(text).matches()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'" + text + "' is not a MAC address; write one like 02:00:00:00:00:01");
    }
    return ofBytes(COLONS.parseHex(text));
  }

  /** From 6 bytes, first byte first. */
  public static MacAddress ofBytes(byte[] bytes) {
    if (bytes.length != 6) {
      throw new NaruException(
          ErrorCode.MALFORMED, "a MAC address has 6 bytes, not " + bytes.length);
    }
    long value = 0;
    for (byte b : bytes) {
      value = value << 8 | (b & 0xff);
    }
    return new MacAddress(value);
  }

  /**
   * A locally administered unicast address made of the lower 46 bits of a hash: the same hash gives
   * the same address on every boot (IEEE 802-2014, 8.4).
   */
  public static MacAddress locallyAdministered(long hash) {
    return new MacAddress(hash & 0xfcff_ffff_ffffL | 0x0200_0000_0000L);
  }

  /** Whether it stands for a group of devices (IEEE 802-2014, 8.2.2), also for all of them. */
  public boolean isMulticast() {
    return (value >>> 40 & 1) != 0;
  }

  /** 6 bytes, first byte first. */
  public byte[] toBytes() {
    byte[] bytes = new byte[6];
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (value >>> (40 - 8 * i));
    }
    return bytes;
  }

  @Override
  public int compareTo(MacAddress other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return COLONS.formatHex(toBytes());
  }
}

package io.naru.linux.netlink;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes that came from outside, read with bounds: reading past the end is a {@link NaruException}
 * with {@link ErrorCode#MALFORMED}, never an index exception. Numbers are in the machine's order,
 * as netlink has them, unless a method says big endian.
 */
public final class Payload {
  private static final Payload EMPTY = new Payload(new byte[0], 0, 0);

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final byte[] bytes;
  private final int start;
  private final int length;

  private Payload(byte[] bytes, int start, int length) {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
  }

  /** A copy of those bytes. */
  public static Payload of(byte[] bytes) {
    return owning(bytes.clone());
  }

  /** Takes over an array that nobody else will write to. */
  static Payload owning(byte[] bytes) {
    return new Payload(bytes, 0, bytes.length);
  }

  /** No bytes. */
  public static Payload empty() {
    return EMPTY;
  }

  /** Number of bytes. */
  public int length() {
    return length;
  }

  private int checked(int offset, int count) {
    if (offset < 0 || count < 0 || offset > length() - count) {
      throw new NaruException(
          ErrorCode.MALFORMED,
          "a netlink message ends too early: bytes "
              + offset
              + " to "
              + ((long) offset + count)
              + " of "
              + length()
              + " were expected");
    }
    return start + offset;
  }

  /**
   * The IP address that the bytes are.
   *
   * @throws NaruException MALFORMED if they are not 4 or 16
   */
  public IpAddress address() {
    return switch (length) {
      case 4 -> new IpAddress(IpFamily.IPV4, 0, bigEndian(0, 4));
      case 16 -> new IpAddress(IpFamily.IPV6, bigEndian(0, 8), bigEndian(8, 8));
      default ->
          throw new NaruException(
              ErrorCode.MALFORMED, "an IP address has 4 or 16 bytes, not " + length);
    };
  }

  /** An unsigned number in network order of up to 8 bytes. */
  private long bigEndian(int offset, int count) {
    long value = 0;
    for (int i = checked(offset, count), end = i + count; i < end; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  /** An unsigned byte. */
  public int u8(int offset) {
    return bytes[checked(offset, 1)] & 0xff;
  }

  /** An unsigned 16-bit number. */
  public int u16(int offset) {
    return (short) SHORT.get(bytes, checked(offset, 2)) & 0xffff;
  }

  /** An unsigned 16-bit number in network order. */
  public int bigEndianU16(int offset) {
    return u8(offset) << 8 | u8(offset + 1);
  }

  /** A 32-bit number, signed or taken as its bits. */
  public int i32(int offset) {
    return (int) INT.get(bytes, checked(offset, 4));
  }

  /** A 64-bit number, signed or taken as its bits. */
  public long i64(int offset) {
    return (long) LONG.get(bytes, checked(offset, 8));
  }

  /** The bytes from there to the end. */
  public Payload from(int offset) {
    return slice(offset, length() - offset);
  }

  /** A part of the bytes, without a copy. */
  public Payload slice(int offset, int count) {
    return new Payload(bytes, checked(offset, count), count);
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    byte[] copy = new byte[length()];
    System.arraycopy(bytes, start, copy, 0, length);
    return copy;
  }

  void copyTo(ByteBuffer to) {
    to.put(bytes, start, length);
  }

  /** The text up to the first NUL or the end, as UTF-8. */
  public String text() {
    byte[] copy = toBytes();
    int end = 0;
    while (end < copy.length && copy[end] != 0) {
      end++;
    }
    return new String(copy, 0, end, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload payload && Arrays.equals(payload.toBytes(), toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(toBytes());
  }
}

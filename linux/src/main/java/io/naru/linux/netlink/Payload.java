package io.naru.linux.netlink;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
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
  private static final Payload EMPTY = new Payload(ByteBuffer.allocate(0));

  private final ByteBuffer bytes;

  private Payload(ByteBuffer bytes) {
    this.bytes = bytes.order(ByteOrder.nativeOrder());
  }

  /** A copy of those bytes. */
  public static Payload of(byte[] bytes) {
    return new Payload(ByteBuffer.wrap(bytes.clone()));
  }

  /** Takes over an array that nobody else will write to. */
  static Payload owning(byte[] bytes) {
    return new Payload(ByteBuffer.wrap(bytes));
  }

  /** No bytes. */
  public static Payload empty() {
    return EMPTY;
  }

  /** Number of bytes. */
  public int length() {
    return bytes.limit();
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
    return offset;
  }

  /** An unsigned byte. */
  public int u8(int offset) {
    return bytes.get(checked(offset, 1)) & 0xff;
  }

  /** An unsigned 16-bit number. */
  public int u16(int offset) {
    return bytes.getShort(checked(offset, 2)) & 0xffff;
  }

  /** An unsigned 16-bit number in network order. */
  public int bigEndianU16(int offset) {
    return u8(offset) << 8 | u8(offset + 1);
  }

  /** A 32-bit number, signed or taken as its bits. */
  public int i32(int offset) {
    return bytes.getInt(checked(offset, 4));
  }

  /** A 64-bit number, signed or taken as its bits. */
  public long i64(int offset) {
    return bytes.getLong(checked(offset, 8));
  }

  /** The bytes from there to the end. */
  public Payload from(int offset) {
    return slice(offset, length() - offset);
  }

  /** A part of the bytes, without a copy. */
  public Payload slice(int offset, int count) {
    return new Payload(bytes.slice(checked(offset, count), count));
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    byte[] copy = new byte[length()];
    bytes.get(0, copy);
    return copy;
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

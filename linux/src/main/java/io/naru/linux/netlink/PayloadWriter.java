package io.naru.linux.netlink;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Writes what follows a netlink header: a fixed structure, then attributes. Numbers are in the
 * machine's order unless a method says big endian.
 */
public final class PayloadWriter {
  private static final int NESTED = 0x8000;
  private static final int MOST_ATTRIBUTE_BYTES = 0xffff;

  private ByteBuffer bytes = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());

  private ByteBuffer room(int count) {
    if (bytes.remaining() < count) {
      int size = Math.max(bytes.capacity() * 2, bytes.position() + count);
      ByteBuffer larger = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
      larger.put(bytes.flip());
      bytes = larger;
    }
    return bytes;
  }

  public PayloadWriter u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  public PayloadWriter u16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  public PayloadWriter bigEndianU16(int value) {
    return u8(value >>> 8).u8(value);
  }

  public PayloadWriter i32(int value) {
    room(4).putInt(value);
    return this;
  }

  public PayloadWriter i64(long value) {
    room(8).putLong(value);
    return this;
  }

  public PayloadWriter zeros(int count) {
    for (int i = 0; i < count; i++) {
      u8(0);
    }
    return this;
  }

  public PayloadWriter raw(Payload value) {
    value.copyTo(room(value.length()));
    return this;
  }

  public PayloadWriter raw(byte[] value) {
    room(value.length).put(value);
    return this;
  }

  public PayloadWriter attribute(int type, byte[] value) {
    return attribute(type, inside -> inside.raw(value));
  }

  public PayloadWriter attributeU8(int type, int value) {
    return attribute(type, inside -> inside.u8(value));
  }

  public PayloadWriter attributeI32(int type, int value) {
    return attribute(type, inside -> inside.i32(value));
  }

  public PayloadWriter attributeBigEndianU16(int type, int value) {
    return attribute(type, inside -> inside.bigEndianU16(value));
  }

  /** A text with its closing NUL. */
  public PayloadWriter attributeText(int type, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return attribute(type, inside -> inside.raw(text).u8(0));
  }

  public PayloadWriter attribute(int type, IpAddress value) {
    return attribute(type, value.toBytes());
  }

  public PayloadWriter attribute(int type, MacAddress value) {
    return attribute(type, value.toBytes());
  }

  /** An attribute whose value is attributes; carries NLA_F_NESTED, which strict checks want. */
  public PayloadWriter nested(int type, Consumer<PayloadWriter> inside) {
    return attribute(type | NESTED, inside);
  }

  /** An attribute whose value is what the consumer writes. */
  public PayloadWriter attribute(int type, Consumer<PayloadWriter> inside) {
    align();
    int start = bytes.position();
    u16(0).u16(type);
    inside.accept(this);
    int length = bytes.position() - start;
    if (length > MOST_ATTRIBUTE_BYTES) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "a netlink attribute holds at most 65531 bytes, not " + length);
    }
    bytes.putShort(start, (short) length);
    align();
    return this;
  }

  private void align() {
    while ((bytes.position() & 3) != 0) {
      u8(0);
    }
  }

  /** What was written so far. */
  public Payload toPayload() {
    return Payload.owning(Arrays.copyOf(bytes.array(), bytes.position()));
  }
}

package io.naru.linux.netlink;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A list of attributes in the order they came ({@code struct nlattr} of linux/netlink.h: 2 bytes
 * length with header, 2 bytes type, the value, padding to 4 bytes).
 */
public final class Attributes {
  private static final int HEADER = 4;

  /** NLA_F_NESTED | NLA_F_NET_BYTEORDER of linux/netlink.h. */
  private static final int FLAG_BITS = 0xc000;

  /**
   * One attribute.
   *
   * @param type its number without the flag bits
   * @param value its value without padding
   */
  public record Attribute(int type, Payload value) {}

  private static final Attributes NONE = new Attributes(Payload.empty());

  private final Payload bytes;

  private Attributes(Payload bytes) {
    this.bytes = bytes;
  }

  /** No attributes. */
  public static Attributes none() {
    return NONE;
  }

  /** Reads attributes that fill the bytes; up to three bytes of padding may follow the last. */
  public static Attributes parse(Payload bytes) {
    Attributes attributes = new Attributes(bytes);
    int offset = 0;
    while (bytes.length() - offset >= HEADER) {
      int length = bytes.u16(offset);
      if (length < HEADER) {
        throw new NaruException(
            ErrorCode.MALFORMED,
            "a netlink attribute says it is " + length + " bytes long, less than its own header");
      }
      if (length > bytes.length() - offset) {
        throw new NaruException(
            ErrorCode.MALFORMED,
            "a netlink attribute says it is "
                + length
                + " bytes long where "
                + (bytes.length() - offset)
                + " are left");
      }
      offset += length + 3 & ~3;
    }
    return attributes;
  }

  /** All of them, in order; a type may occur more than once. */
  public List<Attribute> list() {
    List<Attribute> found = new ArrayList<>();
    for (int offset = 0; bytes.length() - offset >= HEADER; offset = next(offset)) {
      found.add(new Attribute(type(offset), value(offset)));
    }
    return List.copyOf(found);
  }

  private int type(int offset) {
    return bytes.u16(offset + 2) & ~FLAG_BITS;
  }

  private Payload value(int offset) {
    return bytes.slice(offset + HEADER, bytes.u16(offset) - HEADER);
  }

  private int next(int offset) {
    return offset + (bytes.u16(offset) + 3 & ~3);
  }

  /** The last value of that type, as the kernel itself reads repeated ones. */
  public Optional<Payload> find(int type) {
    int last = -1;
    for (int offset = 0; bytes.length() - offset >= HEADER; offset = next(offset)) {
      if (type(offset) == type) {
        last = offset;
      }
    }
    return last < 0 ? Optional.empty() : Optional.of(value(last));
  }

  /** A byte, or the default. */
  public int u8(int type, int otherwise) {
    return find(type).map(value -> value.u8(0)).orElse(otherwise);
  }

  /** A big-endian 16-bit number, or the default. */
  public int bigEndianU16(int type, int otherwise) {
    return find(type).map(value -> value.bigEndianU16(0)).orElse(otherwise);
  }

  /** A 32-bit number, or the default. */
  public int i32(int type, int otherwise) {
    return find(type).map(value -> value.i32(0)).orElse(otherwise);
  }

  /** A 32-bit number if there is one. */
  public OptionalInt i32(int type) {
    Optional<Payload> value = find(type);
    return value.isPresent() ? OptionalInt.of(value.get().i32(0)) : OptionalInt.empty();
  }

  /** A text without its NUL; empty if there is none. */
  public String text(int type) {
    return find(type).map(Payload::text).orElse("");
  }

  /** An IPv4 or IPv6 address, told apart by its length. */
  public Optional<IpAddress> address(int type) {
    return find(type).map(Payload::address);
  }

  /** A link-layer address if there is one of 6 bytes; tunnels have others. */
  public Optional<MacAddress> macAddress(int type) {
    return find(type)
        .filter(value -> value.length() == 6)
        .map(value -> MacAddress.ofBytes(value.toBytes()));
  }

  /** The attributes inside an attribute; none if it is not there. */
  public Attributes nested(int type) {
    return find(type).map(Attributes::parse).orElse(NONE);
  }

  @Override
  public String toString() {
    return list().toString();
  }
}

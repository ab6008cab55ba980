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

  private static final Attributes NONE = new Attributes(List.of());

  private final List<Attribute> attributes;

  private Attributes(List<Attribute> attributes) {
    this.attributes = attributes;
  }

  /** No attributes. */
  public static Attributes none() {
    return NONE;
  }

  /** Reads attributes that fill the bytes; up to three bytes of padding may follow the last. */
  public static Attributes parse(Payload bytes) {
    List<Attribute> found = new ArrayList<>();
    int offset = 0;
    while (bytes.length() - offset >= HEADER) {
      int length = bytes.u16(offset);
      if (length < HEADER) {
        throw new NaruException(
            ErrorCode.MALFORMED,
            "a netlink attribute says it is " + length + " bytes long, less than its own header");
      }
      int type = bytes.u16(offset + 2) & ~FLAG_BITS;
      found.add(new Attribute(type, bytes.slice(offset + HEADER, length - HEADER)));
      offset += length + 3 & ~3;
    }
    return new Attributes(List.copyOf(found));
  }

  /** All of them, in order; a type may occur more than once. */
  public List<Attribute> list() {
    return attributes;
  }

  /** The last value of that type, as the kernel itself reads repeated ones. */
  public Optional<Payload> find(int type) {
    for (int i = attributes.size() - 1; i >= 0; i--) {
      if (attributes.get(i).type() == type) {
        return Optional.of(attributes.get(i).value());
      }
    }
    return Optional.empty();
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
    return find(type).map(value -> IpAddress.ofBytes(value.toBytes()));
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
    return attributes.toString();
  }
}

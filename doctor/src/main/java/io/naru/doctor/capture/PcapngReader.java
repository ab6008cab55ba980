package io.naru.doctor.capture;

import io.naru.observe.packet.FrameDirection;
import io.naru.observe.packet.LinkType;
import io.naru.observe.packet.Octets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The block format: draft-ietf-opsawg-pcapng. */
final class PcapngReader implements CaptureReader {
  static final int SECTION_HEADER = 0x0a0d0d0a;
  static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
  static final int INTERFACE = 1;
  static final int SIMPLE_PACKET = 3;
  static final int ENHANCED_PACKET = 6;

  /** The longest block that is read: a packet with comments. Others are passed over unread. */
  private static final int LONGEST_BLOCK = LONGEST_PACKET + (1 << 18);

  private static final int MOST_INTERFACES = 4096;

  private record Interface(
      LinkType type, long snapLength, String name, double partsOfASecond, long offsetSeconds) {}

  private final CaptureInput input;
  private final List<Optional<Interface>> interfaces = new ArrayList<>();
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private long number;

  /** The block's type was read already. */
  PcapngReader(CaptureInput input) {
    this.input = input;
    section(0);
  }

  static boolean isSectionHeader(byte[] bytes) {
    return bytes.length >= 4 && ByteBuffer.wrap(bytes).getInt() == SECTION_HEADER;
  }

  /** The rest of a section header; its length is in the byte order that it declares. */
  private void section(long start) {
    byte[] head = input.bytes(8, "a section header");
    order =
        ByteBuffer.wrap(head).getInt(4) == BYTE_ORDER_MAGIC
            ? ByteOrder.BIG_ENDIAN
            : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer fields = ByteBuffer.wrap(head).order(order);
    if (fields.getInt(4) != BYTE_ORDER_MAGIC) {
      throw input.malformed(start + 8, "stands no byte order of pcapng");
    }
    ByteBuffer body = body(start, fields.getInt(0) & 0xffff_ffffL, 12, "a section header");
    if (body.remaining() < 12) {
      throw input.malformed(start + 4, "a section header is shorter than 28 bytes");
    }
    int major = body.getShort(0) & 0xffff;
    if (major != 1) {
      throw input.malformed(start + 12, "stands version " + major + " of pcapng; only 1 is known");
    }
    interfaces.clear();
  }

  /**
   * What follows of a block, without the length that is repeated at its end.
   *
   * @param length of the whole block
   * @param read bytes of it that were read
   */
  private ByteBuffer body(long start, long length, int read, String what) {
    checkLength(start, length, read);
    if (length > LONGEST_BLOCK) {
      throw input.malformed(
          start + 4, what + " claims " + length + " bytes, more than " + LONGEST_BLOCK);
    }
    byte[] bytes = input.bytes((int) length - read, what);
    ByteBuffer body = ByteBuffer.wrap(bytes).order(order);
    int again = body.getInt(bytes.length - 4);
    if ((again & 0xffff_ffffL) != length) {
      throw input.malformed(
          start + length - 4,
          what + " does not end with its length " + length + ", but " + (again & 0xffff_ffffL));
    }
    return body.limit(bytes.length - 4);
  }

  private void checkLength(long start, long length, int read) {
    if (length % 4 != 0 || length < read + 4) {
      throw input.malformed(start + 4, "a block claims a length of " + length + " bytes");
    }
  }

  @Override
  public Optional<CapturedPacket> next() {
    while (true) {
      long start = input.position();
      byte[] head = new byte[4];
      if (input.isAtEnd(head)) {
        return Optional.empty();
      }
      input.fill(head, 1, "the type of a block");
      if (isSectionHeader(head)) {
        section(start);
        continue;
      }
      int type = ByteBuffer.wrap(head).order(order).getInt();
      byte[] size = input.bytes(4, "the length of a block");
      long length = ByteBuffer.wrap(size).order(order).getInt() & 0xffff_ffffL;
      switch (type) {
        case INTERFACE -> add(start, body(start, length, 8, "an interface description"));
        case ENHANCED_PACKET -> {
          Optional<CapturedPacket> packet =
              enhanced(start, body(start, length, 8, "packet " + (number + 1)));
          if (packet.isPresent()) {
            return packet;
          }
        }
        case SIMPLE_PACKET -> {
          Optional<CapturedPacket> packet =
              simple(start, body(start, length, 8, "packet " + (number + 1)));
          if (packet.isPresent()) {
            return packet;
          }
        }
        default -> {
          checkLength(start, length, 8);
          input.skip(length - 8, "a block of type " + Integer.toHexString(type));
        }
      }
    }
  }

  private void add(long start, ByteBuffer body) {
    if (body.remaining() < 8) {
      throw input.malformed(start + 4, "an interface description is shorter than 20 bytes");
    }
    if (interfaces.size() == MOST_INTERFACES) {
      throw input.malformed(start, "stands interface number " + (MOST_INTERFACES + 1));
    }
    Optional<LinkType> type = LinkType.of(body.getShort(0) & 0xffff);
    long snapLength = body.getInt(4) & 0xffff_ffffL;
    PcapngOptions options = new PcapngOptions(body.position(8));
    // Packets of an interface of another link type are passed over: others may be of use.
    interfaces.add(
        type.map(
            known ->
                new Interface(
                    known,
                    snapLength,
                    options.interfaceName(),
                    options.partsOfASecond(),
                    options.timeOffset())));
  }

  private Optional<Interface> captured(long start, long id) {
    if (id >= interfaces.size()) {
      throw input.malformed(
          start + 8, "packet " + number + " is of interface " + id + ", which was not described");
    }
    return interfaces.get((int) id);
  }

  private Optional<CapturedPacket> enhanced(long start, ByteBuffer body) {
    number++;
    if (body.remaining() < 20) {
      throw input.malformed(start + 4, "packet " + number + " is shorter than its own header");
    }
    Optional<Interface> where = captured(start, body.getInt(0) & 0xffff_ffffL);
    long ticks = (long) body.getInt(4) << 32 | (body.getInt(8) & 0xffff_ffffL);
    long length = body.getInt(12) & 0xffff_ffffL;
    long original = body.getInt(16) & 0xffff_ffffL;
    byte[] bytes = packet(start + 20, body.position(20), length);
    int padding = (int) ((4 - length % 4) % 4);
    body.position(Math.min(body.limit(), 20 + (int) length + padding));
    PcapngOptions options = new PcapngOptions(body);
    return where.map(
        at ->
            new CapturedPacket(
                number,
                OptionalLong.of(nanoseconds(at, ticks)),
                at.name,
                at.type,
                Math.max(original, length),
                Octets.of(bytes),
                options.direction(),
                options.comments()));
  }

  private byte[] packet(long at, ByteBuffer body, long length) {
    if (length > LONGEST_PACKET || length > body.remaining()) {
      throw input.malformed(
          at,
          "packet "
              + number
              + " claims "
              + length
              + " bytes, and its block holds "
              + body.remaining());
    }
    byte[] bytes = new byte[(int) length];
    body.get(bytes);
    return bytes;
  }

  private static long nanoseconds(Interface at, long ticks) {
    long offset = at.offsetSeconds * 1_000_000_000L;
    if (at.partsOfASecond == 1e9) {
      return ticks + offset;
    }
    if (at.partsOfASecond == 1e6) {
      return ticks * 1000 + offset;
    }
    return (long) (ticks / at.partsOfASecond * 1e9) + offset;
  }

  private Optional<CapturedPacket> simple(long start, ByteBuffer body) {
    number++;
    if (body.remaining() < 4) {
      throw input.malformed(start + 4, "packet " + number + " is shorter than its own header");
    }
    Optional<Interface> where = captured(start, 0);
    long original = body.getInt() & 0xffff_ffffL;
    long snapLength = where.map(Interface::snapLength).orElse(0L);
    long length = snapLength == 0 ? original : Math.min(original, snapLength);
    byte[] bytes = packet(start + 8, body, length);
    return where.map(
        at ->
            new CapturedPacket(
                number,
                OptionalLong.empty(),
                at.name,
                at.type,
                original,
                Octets.of(bytes),
                FrameDirection.UNKNOWN,
                List.of()));
  }

  @Override
  public void close() {
    input.close();
  }
}

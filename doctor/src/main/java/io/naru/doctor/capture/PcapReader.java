package io.naru.doctor.capture;

import io.naru.observe.packet.FrameDirection;
import io.naru.observe.packet.LinkType;
import io.naru.observe.packet.Octets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The classic format: pcap-savefile(5) of libpcap. */
final class PcapReader implements CaptureReader {
  private static final int MAGIC_MICROSECONDS = 0xa1b2c3d4;
  private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
  private static final int FILE_HEADER = 24;
  private static final int PACKET_HEADER = 16;

  private final CaptureInput input;
  private final ByteOrder order;
  private final int nanosecondsOfFraction;
  private final LinkType linkType;
  private long number;

  PcapReader(CaptureInput input, byte[] magic) {
    this.input = input;
    Optional<ByteOrder> found = order(magic);
    if (found.isEmpty()) {
      throw input.malformed(
          0,
          String.format(
              "stands neither the mark of pcap nor that of pcapng, but %08x",
              ByteBuffer.wrap(magic).getInt()));
    }
    this.order = found.get();
    int mark = ByteBuffer.wrap(magic).order(order).getInt();
    this.nanosecondsOfFraction = mark == MAGIC_NANOSECONDS ? 1 : 1000;
    ByteBuffer header =
        ByteBuffer.wrap(input.bytes(FILE_HEADER - 4, "the file's header")).order(order);
    int major = header.getShort(0) & 0xffff;
    if (major != 2) {
      throw input.malformed(4, "stands version " + major + " of pcap; only version 2 is known");
    }
    // The upper bits tell of a frame check sequence, not of the link type.
    int type = header.getInt(16) & 0xffff;
    this.linkType =
        LinkType.of(type)
            .orElseThrow(
                () ->
                    input.malformed(
                        20,
                        "stands link type "
                            + type
                            + ", and only Ethernet, Linux cooked and raw IP are read; capture on a"
                            + " network interface, or with tcpdump -i any"));
  }

  static boolean isMagic(byte[] bytes) {
    return bytes.length >= 4 && order(bytes).isPresent();
  }

  private static Optional<ByteOrder> order(byte[] magic) {
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      int mark = ByteBuffer.wrap(magic).order(order).getInt();
      if (mark == MAGIC_MICROSECONDS || mark == MAGIC_NANOSECONDS) {
        return Optional.of(order);
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<CapturedPacket> next() {
    long start = input.position();
    byte[] header = new byte[PACKET_HEADER];
    if (input.isAtEnd(header)) {
      return Optional.empty();
    }
    number++;
    input.fill(header, 1, "the header of packet " + number);
    ByteBuffer fields = ByteBuffer.wrap(header).order(order);
    long seconds = fields.getInt(0) & 0xffff_ffffL;
    long fraction = fields.getInt(4) & 0xffff_ffffL;
    long captured = fields.getInt(8) & 0xffff_ffffL;
    long original = fields.getInt(12) & 0xffff_ffffL;
    if (captured > LONGEST_PACKET) {
      throw input.malformed(
          start + 8,
          "packet "
              + number
              + " claims "
              + captured
              + " bytes, and none has more than "
              + LONGEST_PACKET);
    }
    byte[] bytes = input.bytes((int) captured, "packet " + number);
    return Optional.of(
        new CapturedPacket(
            number,
            OptionalLong.of(seconds * 1_000_000_000L + fraction * nanosecondsOfFraction),
            "",
            linkType,
            Math.max(original, captured),
            Octets.of(bytes),
            FrameDirection.UNKNOWN,
            List.of()));
  }

  @Override
  public void close() {
    input.close();
  }
}

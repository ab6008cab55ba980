package io.naru.doctor.capture;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.observe.packet.FrameDirection;
import io.naru.observe.packet.LinkType;
import io.naru.observe.packet.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes pcapng (draft-ietf-opsawg-pcapng) with nanoseconds, directions and comments: interfaces
 * first, then packets in any order. Little endian. Not for several threads at once.
 */
public final class PcapngWriter implements AutoCloseable {
  private static final int NANOSECONDS = 9;
  private static final int LONGEST_OPTION = 0xffff;

  private final OutputStream out;
  private final String name;
  private int interfaces;

  /**
   * Begins a file.
   *
   * @param out closed with this writer
   * @param name of the file, for sentences
   */
  public PcapngWriter(OutputStream out, String name) {
    this.out = out;
    this.name = name;
    Block block = new Block(PcapngReader.SECTION_HEADER);
    block.thirtyTwo(PcapngReader.BYTE_ORDER_MAGIC).sixteen(1).sixteen(0);
    block.thirtyTwo(-1).thirtyTwo(-1); // the section's length is not known
    block.option(PcapngOptions.USER_APPLICATION, utf8("naru")).endOfOptions();
    write(block);
  }

  /**
   * Describes an interface; all before the first packet, or between.
   *
   * @param interfaceName where it captures, for example {@code node1/nic}
   * @param snapLength most bytes of a packet that are kept, 0 for all
   * @return its number, for {@link #packet}
   */
  public int addInterface(String interfaceName, LinkType type, int snapLength) {
    Block block = new Block(PcapngReader.INTERFACE);
    block.sixteen(type.number()).sixteen(0).thirtyTwo(snapLength);
    block.option(PcapngOptions.INTERFACE_NAME, utf8(interfaceName));
    block.option(PcapngOptions.TIME_RESOLUTION, new byte[] {NANOSECONDS}).endOfOptions();
    write(block);
    return interfaces++;
  }

  /**
   * Adds a packet.
   *
   * @param interfaceNumber as {@link #addInterface} gave it
   * @param nanoseconds since 1970
   * @param originalLength bytes on the wire
   * @param comments shown beside the packet, for example where it was seen
   */
  public void packet(
      int interfaceNumber,
      long nanoseconds,
      Octets bytes,
      long originalLength,
      FrameDirection direction,
      List<String> comments) {
    if (interfaceNumber < 0 || interfaceNumber >= interfaces) {
      throw new IllegalArgumentException("there is no interface " + interfaceNumber);
    }
    if (bytes.length() > CaptureReader.LONGEST_PACKET) {
      throw new IllegalArgumentException("a packet of " + bytes.length() + " bytes");
    }
    Block block = new Block(PcapngReader.ENHANCED_PACKET);
    block.thirtyTwo(interfaceNumber);
    block.thirtyTwo((int) (nanoseconds >>> 32)).thirtyTwo((int) nanoseconds);
    block.thirtyTwo(bytes.length()).thirtyTwo((int) originalLength).padded(bytes.toBytes());
    for (String comment : comments) {
      block.option(PcapngOptions.COMMENT, utf8(comment));
    }
    switch (direction) {
      case IN -> block.option(PcapngOptions.PACKET_FLAGS, new byte[] {1, 0, 0, 0});
      case OUT -> block.option(PcapngOptions.PACKET_FLAGS, new byte[] {2, 0, 0, 0});
      case UNKNOWN -> {}
    }
    write(block.endOfOptions());
  }

  /** At most as long as an option may be, cut between characters. */
  private static byte[] utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int end = Math.min(bytes.length, LONGEST_OPTION);
    while (end < bytes.length && (bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }

  private static final class Block {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final int type;

    Block(int type) {
      this.type = type;
    }

    Block sixteen(int value) {
      body.write(value);
      body.write(value >> 8);
      return this;
    }

    Block thirtyTwo(int value) {
      return sixteen(value).sixteen(value >>> 16);
    }

    Block padded(byte[] bytes) {
      body.writeBytes(bytes);
      while (body.size() % 4 != 0) {
        body.write(0);
      }
      return this;
    }

    Block option(int code, byte[] value) {
      return sixteen(code).sixteen(value.length).padded(value);
    }

    Block endOfOptions() {
      return thirtyTwo(PcapngOptions.END);
    }

    byte[] bytes() {
      int length = body.size() + 12;
      return ByteBuffer.allocate(length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(type)
          .putInt(length)
          .put(body.toByteArray())
          .putInt(length)
          .array();
    }
  }

  private void write(Block block) {
    try {
      out.write(block.bytes());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private NaruException failed(IOException e) {
    return new NaruException(
        ErrorCode.FILE_FAILED, name + " cannot be written: " + e.getMessage(), e);
  }
}

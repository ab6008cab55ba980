package io.naru.doctor.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.NaruException;
import io.naru.observe.packet.FrameDirection;
import io.naru.observe.packet.LinkType;
import io.naru.observe.packet.Octets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CaptureFileTest {
  private static List<CapturedPacket> read(byte[] file) {
    List<CapturedPacket> packets = new ArrayList<>();
    try (CaptureReader reader = CaptureReader.read(new ByteArrayInputStream(file), "x.pcap")) {
      for (Optional<CapturedPacket> next = reader.next(); next.isPresent(); next = reader.next()) {
        packets.add(next.get());
      }
    }
    return packets;
  }

  private static byte[] pcap(ByteOrder order, int magic, int linkType, int claimed, byte... bytes) {
    return ByteBuffer.allocate(40 + bytes.length)
        .order(order)
        .putInt(magic)
        .putShort((short) 2)
        .putShort((short) 4)
        .putLong(0)
        .putInt(65535)
        .putInt(linkType)
        .putInt(100)
        .putInt(7)
        .putInt(claimed)
        .putInt(claimed + 1)
        .put(bytes)
        .array();
  }

  @Test
  void pcapOfBothByteOrdersAndPrecisionsIsRead() {
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      CapturedPacket micro =
          read(pcap(order, 0xa1b2c3d4, 1, 3, (byte) 1, (byte) 2, (byte) 3)).getFirst();
      assertThat(micro.nanoseconds()).hasValue(100_000_007_000L);
      assertThat(micro.originalLength()).isEqualTo(4);
      assertThat(micro.bytes().toBytes()).containsExactly(1, 2, 3);
      CapturedPacket nano = read(pcap(order, 0xa1b23c4d, 113, 0)).getFirst();
      assertThat(nano.nanoseconds()).hasValue(100_000_000_007L);
      assertThat(nano.linkType()).isEqualTo(LinkType.LINUX_COOKED);
    }
  }

  @Test
  void aPacketThatClaimsTooMuchIsRefusedWithItsPlace() {
    byte[] file = pcap(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, 1, 300_000);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(NaruException.class)
        .hasMessage(
            "x.pcap is not a good capture: at byte 32 packet 1 claims 300000 bytes, and none has"
                + " more than 262144");
  }

  @Test
  void aFileThatEndsWithinAPacketSaysWhere() {
    byte[] file = pcap(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, 1, 3, (byte) 1, (byte) 2, (byte) 3);
    assertThatThrownBy(() -> read(Arrays.copyOf(file, 42)))
        .isInstanceOf(CutShortException.class)
        .hasMessage("x.pcap ends at byte 42, within packet 1");
    assertThatThrownBy(() -> read(Arrays.copyOf(file, 10))).hasMessageContaining("is no capture");
  }

  @Test
  void whatIsNoCaptureAndALinkTypeThatIsNotKnownAreRefused() {
    assertThatThrownBy(() -> read(new byte[100])).hasMessageContaining("at byte 0 stands neither");
    assertThatThrownBy(() -> read(pcap(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, 127, 0)))
        .hasMessageContaining("at byte 20 stands link type 127");
  }

  /** Two sections of different byte orders, an unknown block, a packet without options. */
  @Test
  void pcapngOfBothByteOrdersIsRead() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      ByteBuffer blocks = ByteBuffer.allocate(132).order(order);
      blocks
          .putInt(0x0a0d0d0a)
          .putInt(28)
          .putInt(0x1a2b3c4d)
          .putShort((short) 1)
          .putShort((short) 0);
      blocks.putLong(-1).putInt(28);
      blocks.putInt(1).putInt(32).putShort((short) 1).putShort((short) 0).putInt(0);
      blocks.putShort((short) 9).putShort((short) 1).put((byte) 3).put(new byte[3]); // milliseconds
      blocks.putInt(0).putInt(32);
      blocks.putInt(0xbad).putInt(16).putInt(5).putInt(16);
      blocks.putInt(6).putInt(36).putInt(0).putInt(0).putInt(1234).putInt(2).putInt(9);
      blocks.put(new byte[] {7, 8, 0, 0}).putInt(36);
      blocks.putInt(3).putInt(20).putInt(3).put(new byte[] {1, 2, 3, 0}).putInt(20);
      file.writeBytes(blocks.array());
    }
    List<CapturedPacket> packets = read(file.toByteArray());
    assertThat(packets).hasSize(4);
    assertThat(packets.get(2).nanoseconds()).hasValue(1_234_000_000L);
    assertThat(packets.get(2).bytes().toBytes()).containsExactly(7, 8);
    assertThat(packets.get(2).originalLength()).isEqualTo(9);
    assertThat(packets.get(3).nanoseconds()).isEmpty();
    assertThat(packets.get(3).bytes().toBytes()).containsExactly(1, 2, 3);
  }

  @Property(tries = 200)
  void whatIsWrittenIsRead(
      @ForAll @Size(max = 5) List<byte[]> frames,
      @ForAll long nanoseconds,
      @ForAll FrameDirection direction,
      @ForAll @Size(max = 3) List<String> comments) {
    List<String> printable =
        comments.stream().map(text -> text.replaceAll("[\\ud800-\\udfff]", "?")).toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PcapngWriter writer = new PcapngWriter(out, "x")) {
      writer.addInterface("node1/veth", LinkType.ETHERNET, 0);
      int nic = writer.addInterface("node1/nic", LinkType.LINUX_COOKED_2, 0);
      for (byte[] frame : frames) {
        writer.packet(nic, nanoseconds, Octets.of(frame), frame.length + 1, direction, printable);
      }
    }
    List<CapturedPacket> read = read(out.toByteArray());
    assertThat(read).hasSize(frames.size());
    for (int i = 0; i < read.size(); i++) {
      CapturedPacket packet = read.get(i);
      assertThat(packet.bytes().toBytes()).isEqualTo(frames.get(i));
      assertThat(packet.nanoseconds()).hasValue(nanoseconds);
      assertThat(packet.direction()).isEqualTo(direction);
      assertThat(packet.interfaceName()).isEqualTo("node1/nic");
      assertThat(packet.linkType()).isEqualTo(LinkType.LINUX_COOKED_2);
      assertThat(packet.comments()).isEqualTo(printable);
    }
  }
}

package io.naru.doctor;

import io.naru.core.address.IpAddress;
import io.naru.doctor.capture.PcapngWriter;
import io.naru.observe.packet.FrameDirection;
import io.naru.observe.packet.LinkType;
import io.naru.observe.packet.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Two nodes, their interfaces captured at once, and an underlay between them that passes what a
 * test lets pass. The second node's clock is ahead.
 */
public final class Story {
  public static final IpAddress NODE_1 = IpAddress.parse("172.26.50.200");
  public static final IpAddress NODE_2 = IpAddress.parse("172.26.50.201");
  public static final IpAddress POD_1 = IpAddress.parse("10.233.64.5");
  public static final IpAddress POD_2 = IpAddress.parse("10.233.65.250");

  private static final long START = 1_628_640_000_000_000_000L;
  private static final long STEP = 100_000_000;
  private static final long DELAY = 300_000;

  /** One capture on its way into a file. */
  private static final class Capture {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final PcapngWriter writer = new PcapngWriter(bytes, "test");
    final int number = writer.addInterface("eth0", LinkType.ETHERNET, 0);

    void add(long time, byte[] frame) {
      writer.packet(
          number, time, Octets.of(frame), frame.length, FrameDirection.UNKNOWN, List.of());
    }
  }

  private final Capture first = new Capture();
  private final Capture second = new Capture();
  private final long ahead;
  private final Predicate<byte[]> passes;
  private long now = START;
  private int id = 1;

  /**
   * A story.
   *
   * @param ahead nanoseconds
   * @param passes which frames the underlay carries
   */
  public Story(long ahead, Predicate<byte[]> passes) {
    this.ahead = ahead;
    this.passes = passes;
  }

  public int nextId() {
    return id++;
  }

  /** A frame from node1 to node2. */
  public boolean there(byte[] ip) {
    byte[] frame = Frames.ethernet(Frames.MAC_1, Frames.MAC_2, ip);
    now += STEP;
    first.add(now, frame);
    boolean arrives = passes.test(ip);
    if (arrives) {
      second.add(now + ahead + DELAY, frame);
    }
    return arrives;
  }

  /** A frame from node2 to node1. */
  public boolean back(byte[] ip) {
    byte[] frame = Frames.ethernet(Frames.MAC_2, Frames.MAC_1, ip);
    now += STEP;
    second.add(now + ahead, frame);
    boolean arrives = passes.test(ip);
    if (arrives) {
      first.add(now + DELAY, frame);
    }
    return arrives;
  }

  /** A pod's packet in the tunnel's outer packet. */
  public byte[] tunnelled(IpAddress from, IpAddress to, int port, int vni, byte[] inner) {
    return Frames.ip(
        from, to, 17, nextId(), 0, 0, Frames.udp(50_000, port, Frames.vxlan(vni, inner)));
  }

  /** A question to a DNS pod of node2, and its answer if it arrived. */
  public void dns(int bytes) {
    byte[] question =
        Frames.ip(POD_1, POD_2, 17, nextId(), Frames.udp(40_000, 53, new byte[bytes]));
    if (there(tunnelled(NODE_1, NODE_2, 8472, 1, question))) {
      byte[] answer =
          Frames.ip(POD_2, POD_1, 17, nextId(), Frames.udp(53, 40_000, new byte[bytes]));
      back(tunnelled(NODE_2, NODE_1, 8472, 1, answer));
    }
  }

  /** TCP data of a pod that leaves in one piece, and that the other interface saw in two. */
  public void stream(long sequence, int number) {
    now += STEP;
    byte[] whole = segment(sequence, 2800, number);
    first.add(now, Frames.ethernet(Frames.MAC_1, Frames.MAC_2, whole));
    for (int half = 0; half < 2; half++) {
      byte[] part = segment(sequence + half * 1400L, 1400, number);
      second.add(now + ahead + DELAY, Frames.ethernet(Frames.MAC_1, Frames.MAC_2, part));
    }
  }

  private byte[] segment(long sequence, int payload, int number) {
    byte[] tcp = Frames.tcp(42_000, 80, sequence, 1, 16, payload);
    return tunnelled(NODE_1, NODE_2, 8472, 1, Frames.ip(POD_1, POD_2, 6, number, tcp));
  }

  /** The nodes talk TCP to each other. */
  public void nodesTalk() {
    there(Frames.ip(NODE_1, NODE_2, 6, nextId(), Frames.tcp(41_000, 4240, now, 1, 24, 80)));
    back(Frames.ip(NODE_2, NODE_1, 6, nextId(), Frames.tcp(4240, 41_000, now, 1, 24, 90)));
  }

  /** Writes node1.pcapng and node2.pcapng. */
  public List<Path> write(Path directory) throws IOException {
    Path one = directory.resolve("node1.pcapng");
    Path two = directory.resolve("node2.pcapng");
    Files.write(one, first.bytes.toByteArray());
    Files.write(two, second.bytes.toByteArray());
    return List.of(one, two);
  }

  /** Whether a packet goes into VXLAN on that port, from that node. */
  public static boolean isTunnel(byte[] ip, int port, IpAddress from) {
    return ip[9] == 17
        && ((ip[22] & 0xff) << 8 | (ip[23] & 0xff)) == port
        && from.equals(IpAddress.ofBytes(Arrays.copyOfRange(ip, 12, 16)));
  }
}

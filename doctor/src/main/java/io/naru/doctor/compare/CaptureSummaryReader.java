package io.naru.doctor.compare;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.capture.CaptureReader;
import io.naru.doctor.capture.CapturedPacket;
import io.naru.doctor.capture.CutShortException;
import io.naru.observe.packet.Frame;
import io.naru.observe.packet.FrameDecoder;
import io.naru.observe.packet.FrameDirection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/** Reads a capture once, from its beginning to its end, and keeps what a comparison needs. */
public final class CaptureSummaryReader {
  private CaptureSummaryReader() {}

  /**
   * Reads a capture.
   *
   * @param name of the node where it was captured
   * @param vxlanPorts UDP ports that carry VXLAN
   * @throws NaruException where the file is wrong; one that ends within a packet is used up to
   *     there
   */
  public static CaptureSummary read(CaptureReader reader, String name, Set<Integer> vxlanPorts) {
    return read(reader, name, vxlanPorts, packet -> true);
  }

  /** The same of these packets alone. */
  public static CaptureSummary read(
      CaptureReader reader,
      String name,
      Set<Integer> vxlanPorts,
      Predicate<CapturedPacket> wanted) {
    FrameDecoder decoder = new FrameDecoder(vxlanPorts);
    CaptureContent content = new CaptureContent();
    List<String> notes = new ArrayList<>();
    long packets = 0;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    try {
      for (Optional<CapturedPacket> next = reader.next(); next.isPresent(); next = reader.next()) {
        CapturedPacket packet = next.get();
        if (!wanted.test(packet)) {
          continue;
        }
        packets++;
        if (packet.nanoseconds().isPresent()) {
          first = Math.min(first, packet.nanoseconds().getAsLong());
          last = Math.max(last, packet.nanoseconds().getAsLong());
        }
        Frame frame = decoder.decode(packet.linkType(), packet.bytes());
        FrameDirection direction =
            frame.direction() == FrameDirection.UNKNOWN ? packet.direction() : frame.direction();
        long time = packet.nanoseconds().orElse(PacketLog.NO_TIME);
        frame.packet().ifPresent(ip -> content.add(frame, ip, direction, time));
        if (content.isFull()) {
          notes.add(
              name
                  + ": only its first "
                  + packets
                  + " packets were compared; capture less, for example with tcpdump host PEER");
          break;
        }
      }
    } catch (CutShortException end) {
      if (packets == 0) {
        throw new NaruException(ErrorCode.MALFORMED, end.sentence(), end);
      }
      notes.add(end.sentence() + "; what stands before was used");
    }
    boolean timed = first <= last;
    return new CaptureSummary(
        name,
        packets,
        timed ? OptionalLong.of(first) : OptionalLong.empty(),
        timed ? OptionalLong.of(last) : OptionalLong.empty(),
        content,
        notes);
  }
}

package io.naru.agent.train;

import io.naru.core.diagnosis.NodeEvidence.TrainCount;
import io.naru.core.probe.TrainKind;
import io.naru.core.probe.TrainPacket;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What passed of each train. Pure but for what it remembers; safe for use by several threads. */
final class TrainLog {
  /** A train of which somebody may have seen only a part tells nothing, in nanoseconds. */
  private static final long MARGIN = 300_000_000L;

  /** More than these are somebody's mischief. */
  private static final int MOST = 2000;

  private static final long MILLISECOND = 1_000_000L;

  private final String self;
  private final long opened;
  private final Map<Long, Passed> runs = new HashMap<>();

  private static final class Passed {
    final TrainPacket first;
    final BitSet nic = new BitSet();
    final BitSet vtep = new BitSet();
    long begin;
    long end;
    long firstRead;
    long lastRead;
    int largest;
    int sent;

    Passed(TrainPacket first) {
      this.first = first;
    }
  }

  /**
   * @param self this node's name
   * @param opened when the taps were opened, in nanoseconds
   */
  TrainLog(String self, long opened) {
    this.self = self;
    this.opened = opened;
  }

  private Optional<Passed> run(TrainPacket packet) {
    boolean ours = packet.from().text().equals(self) || packet.to().text().equals(self);
    if (!ours || packet.sequence() >= packet.kind().packets()) {
      return Optional.empty();
    }
    if (!runs.containsKey(packet.run()) && runs.size() >= MOST) {
      return Optional.empty();
    }
    return Optional.of(runs.computeIfAbsent(packet.run(), run -> new Passed(packet)));
  }

  /** The kernel took a packet of ours. */
  synchronized void sent(TrainPacket packet) {
    run(packet).ifPresent(passed -> passed.sent++);
  }

  /**
   * A packet passed the underlay interface or the tunnel device.
   *
   * @param kernelTime when, in nanoseconds of the kernel's clock
   * @param now when it was read, in nanoseconds
   */
  synchronized void passed(TrainPacket packet, boolean tunnel, long kernelTime, long now) {
    run(packet)
        .ifPresent(
            passed -> {
              boolean tunnelled =
                  switch (packet.transport()) {
                    case VXLAN -> true;
                    case DIRECT -> false;
                  };
              passed.firstRead = passed.lastRead == 0 ? now : passed.firstRead;
              passed.lastRead = now;
              if (tunnel) {
                passed.vtep.set(packet.sequence());
              } else {
                passed.begin = passed.nic.isEmpty() ? kernelTime : passed.begin;
                passed.end = kernelTime;
                passed.nic.set(packet.sequence());
              }
              if (tunnel == tunnelled) {
                passed.largest = Math.max(passed.largest, packet.length());
              }
            });
  }

  /**
   * The counts of all trains that were seen from their beginning to their end.
   *
   * @param now in nanoseconds, before the taps are closed
   */
  synchronized List<TrainCount> counts(long now) {
    return runs.values().stream().filter(passed -> isWhole(passed, now)).map(this::count).toList();
  }

  private boolean isWhole(Passed passed, long now) {
    boolean own = passed.first.from().text().equals(self);
    boolean fromBeginning = passed.nic.get(0) || begin(passed) - opened > 0;
    return own || fromBeginning && now - passed.lastRead > MARGIN;
  }

  /** When its first packet came or, where that was lost, would have come. */
  private static long begin(Passed passed) {
    TrainKind kind = passed.first.kind();
    long gap = kind.duration().toNanos() / kind.packets();
    return passed.firstRead - gap * passed.first.sequence();
  }

  private TrainCount count(Passed passed) {
    TrainPacket first = passed.first;
    int flows = first.kind() == TrainKind.FLOWS ? TrainKind.FLOW_COUNT : 0;
    int each = flows == 0 ? 0 : first.kind().packets() / flows;
    int[] arrived =
        IntStream.range(0, flows)
            .map(
                flow ->
                    (int)
                        IntStream.range(0, each)
                            .filter(turn -> passed.nic.get(turn * flows + flow))
                            .count())
            .toArray();
    return new TrainCount(
        HexFormat.of().toHexDigits(first.run()),
        first.from().text(),
        first.to().text(),
        first.transport().toString(),
        first.family().toString(),
        first.kind(),
        passed.sent,
        passed.vtep.cardinality(),
        passed.nic.cardinality(),
        Math.max(0, passed.end - passed.begin) / MILLISECOND,
        passed.largest,
        (int) IntStream.of(arrived).filter(count -> count == each).count(),
        (int) IntStream.of(arrived).filter(count -> count == 0).count());
  }
}

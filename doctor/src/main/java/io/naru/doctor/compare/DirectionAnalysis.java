package io.naru.doctor.compare;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.doctor.compare.DirectionComparison.CountedReport;
import io.naru.doctor.compare.DirectionComparison.FlowTally;
import io.naru.doctor.compare.DirectionComparison.SizeTally;
import io.naru.doctor.compare.Tally.Fate;
import io.naru.observe.packet.FrameDirection;
import io.naru.observe.packet.IpPacket;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One direction: which packets left the sender, and which of these the receiver saw. */
final class DirectionAnalysis {
  /** First sizes of the ranges by which packets are counted: bytes of an IP packet. */
  private static final int[] SIZES = {0, 128, 512, 1280, 1401, 1451, 1501};

  private final CaptureSummary sender;
  private final CaptureSummary receiver;
  private final Set<IpAddress> from;
  private final Set<IpAddress> to;
  private final ComparisonOptions options;
  private final Set<MacAddress> hopsToReceiver = new HashSet<>();
  private final Map<FlowKey, Leaving> leaving = new HashMap<>();

  /** A flow's packets that left, and which of them came. */
  private record Leaving(TrafficKind kind, PacketLog log, BitSet sent, FlowMatch match) {}

  DirectionAnalysis(
      CaptureSummary sender,
      Set<IpAddress> from,
      CaptureSummary receiver,
      Set<IpAddress> to,
      ComparisonOptions options) {
    this.sender = sender;
    this.receiver = receiver;
    this.from = from;
    this.to = to;
    this.options = options;
    to.forEach(address -> hopsToReceiver.addAll(sender.nextHops(address)));
    PacketLog nothing = new PacketLog();
    sender
        .flows()
        .forEach(
            (key, log) -> {
              PacketLog came = receiver.flows().getOrDefault(key, nothing);
              kind(key, log, came.count() > 0).ifPresent(kind -> match(key, kind, log, came));
            });
  }

  private void match(FlowKey key, TrafficKind kind, PacketLog log, PacketLog came) {
    BitSet sent = belonging(sender, kind, log, FrameDirection.IN);
    if (!sent.isEmpty()) {
      BitSet received = belonging(receiver, kind, came, FrameDirection.OUT);
      boolean tcp = key.protocol() == IpPacket.PROTOCOL_TCP;
      leaving.put(key, new Leaving(kind, log, sent, new FlowMatch(log, sent, came, received, tcp)));
    }
  }

  private boolean isOnPath(OuterPath path) {
    return from.contains(path.source()) && to.contains(path.destination());
  }

  private BitSet belonging(
      CaptureSummary side, TrafficKind kind, PacketLog log, FrameDirection not) {
    BitSet found = new BitSet(log.count());
    for (int i = 0; i < log.count(); i++) {
      if (log.direction(i) != not
          && (kind == TrafficKind.POD || isOnPath(side.paths().get(log.path(i))))) {
        found.set(i);
      }
    }
    return found;
  }

  /** What a flow is, if it can go from this sender to this receiver at all. */
  private Optional<TrafficKind> kind(FlowKey key, PacketLog log, boolean came) {
    if (key.tunnelled()) {
      return Optional.of(TrafficKind.TUNNEL);
    }
    if (from.contains(key.source()) && to.contains(key.destination())) {
      boolean headless = key.sourcePort() == 0 && key.destinationPort() == 0;
      return Optional.of(
          switch (key.protocol()) {
            case IpPacket.PROTOCOL_TCP -> headless ? TrafficKind.FRAGMENT : TrafficKind.NODE_TCP;
            case IpPacket.PROTOCOL_UDP -> headless ? TrafficKind.FRAGMENT : TrafficKind.NODE_UDP;
            default -> TrafficKind.NODE_OTHER;
          });
    }
    boolean ofANode =
        from.contains(key.source())
            || to.contains(key.source())
            || from.contains(key.destination())
            || to.contains(key.destination());
    FlowKey within =
        new FlowKey(
            key.source(),
            key.destination(),
            key.protocol(),
            key.sourcePort(),
            key.destinationPort(),
            true);
    // A capture of all interfaces shows a packet bare too, before or after its way in the tunnel.
    if (ofANode || sender.flows().containsKey(within) || receiver.flows().containsKey(within)) {
      return Optional.empty();
    }
    boolean said =
        options.isPodOf(sender.name(), key.source())
            && options.isPodOf(receiver.name(), key.destination());
    boolean sameHop = sender.goesTo(key, hopsToReceiver) && isLocal(key.destination());
    boolean outgoing = came && log.direction(0) == FrameDirection.OUT;
    return said || sameHop || outgoing ? Optional.of(TrafficKind.POD) : Optional.empty();
  }

  /** An address that the public Internet does not use: RFC 1918, RFC 6598, RFC 4193. */
  private static boolean isLocal(IpAddress address) {
    if (address.isIpv6()) {
      return address.high() >>> 57 == 0xfc >> 1;
    }
    long value = address.low();
    return value >>> 24 == 10
        || value >>> 20 == 0xac1
        || value >>> 16 == 0xc0a8
        || value >>> 22 == 0x6440 >> 6;
  }

  /** Differences of the two clocks, for packets that both captures hold. */
  List<Long> delays() {
    List<Long> delays = new ArrayList<>();
    leaving.values().forEach(each -> delays.addAll(each.match.delays()));
    return delays;
  }

  /** Counts. */
  DirectionComparison result(OptionalLong offset) {
    RunningTime running = RunningTime.of(receiver, offset);
    Map<TrafficKind, Tally> kinds = new EnumMap<>(TrafficKind.class);
    TreeMap<Integer, Tally> sizes = new TreeMap<>();
    TreeSet<Integer> ports = new TreeSet<>();
    TreeSet<Integer> vnis = new TreeSet<>();
    List<FlowTally> lost = new ArrayList<>();
    int answers = 0;
    int missing = 0;
    for (Map.Entry<FlowKey, Leaving> entry : leaving.entrySet()) {
      Leaving flow = entry.getValue();
      Tally ofFlow = Tally.NONE;
      for (int i = flow.sent.nextSetBit(0); i >= 0; i = flow.sent.nextSetBit(i + 1)) {
        Fate fate = fate(flow, i, running);
        int size = flow.log.size(i);
        ofFlow = ofFlow.plus(fate, size);
        kinds.put(flow.kind, kinds.getOrDefault(flow.kind, Tally.NONE).plus(fate, size));
        if (flow.kind == TrafficKind.TUNNEL || flow.kind == TrafficKind.POD) {
          int range = range(size);
          sizes.put(range, sizes.getOrDefault(range, Tally.NONE).plus(fate, size));
        }
        OuterPath path = sender.paths().get(flow.log.path(i));
        if (path.port() > 0) {
          ports.add(path.port());
          vnis.add(path.vni());
        }
      }
      if (ofFlow.missing() > 0) {
        lost.add(new FlowTally(entry.getKey(), flow.kind, ofFlow));
        missing += ofFlow.missing();
        answers += isAnswered(entry.getKey()) ? ofFlow.missing() : 0;
      }
    }
    lost.sort(
        Comparator.comparingInt((FlowTally each) -> -each.tally().missing())
            .thenComparing(each -> each.flow().toString()));
    return new DirectionComparison(
        sender.name(),
        receiver.name(),
        kinds,
        ports,
        vnis,
        lost.subList(0, Math.min(lost.size(), DirectionComparison.MOST_FLOWS)),
        lost.size(),
        sizes(sizes),
        icmpErrors(),
        congestionMarked(),
        answers * 2 > missing);
  }

  private static Fate fate(Leaving flow, int i, RunningTime running) {
    if (flow.match.isExact(i)) {
      return Fate.ARRIVED;
    }
    if (flow.match.isResegmented(i)) {
      return Fate.RESEGMENTED;
    }
    return running.covers(flow.log.time(i)) ? Fate.LOST : Fate.UNCOUNTED;
  }

  /** Whether the sender saw packets of the other direction come: then these are answers. */
  private boolean isAnswered(FlowKey key) {
    PacketLog other = sender.flows().get(key.reversed());
    if (other == null) {
      return false;
    }
    for (int i = 0; i < other.count(); i++) {
      OuterPath path = sender.paths().get(other.path(i));
      if (other.direction(i) != FrameDirection.OUT && !from.contains(path.source())) {
        return true;
      }
    }
    return false;
  }

  private static int range(int size) {
    int range = 0;
    while (range + 1 < SIZES.length && SIZES[range + 1] <= size) {
      range++;
    }
    return range;
  }

  private static List<SizeTally> sizes(Map<Integer, Tally> byRange) {
    List<SizeTally> sizes = new ArrayList<>();
    byRange.forEach(
        (range, tally) ->
            sizes.add(
                new SizeTally(
                    SIZES[range],
                    range + 1 < SIZES.length ? SIZES[range + 1] - 1 : 65_575,
                    tally)));
    return sizes;
  }

  private List<CountedReport> icmpErrors() {
    return sender.icmpErrors().entrySet().stream()
        .filter(
            each ->
                from.contains(each.getKey().quotedSource())
                    && to.contains(each.getKey().quotedDestination()))
        .map(each -> new CountedReport(each.getKey(), each.getValue()))
        .sorted(Comparator.comparingInt(each -> -each.count()))
        .toList();
  }

  private int congestionMarked() {
    return receiver.congestionMarked().entrySet().stream()
        .filter(each -> isOnPath(each.getKey()))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }
}

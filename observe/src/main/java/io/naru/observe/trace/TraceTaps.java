package io.naru.observe.trace;

import io.naru.core.error.NaruException;
import io.naru.core.trace.NodeTrace.OpenTap;
import io.naru.core.trace.ProbeKind;
import io.naru.core.trace.Sighting;
import io.naru.core.trace.Tap;
import io.naru.core.trace.TraceOrder;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.tap.BpfProgram;
import io.naru.linux.tap.PacketTap;
import io.naru.linux.tap.TappedPacket;
import io.naru.linux.tap.TraceFilters;
import io.naru.linux.tap.TraceFilters.Wanted;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The taps of one node in one trace. They keep a bounded number of packets' first bytes, and give
 * out the headers of the trace's own alone.
 */
public final class TraceTaps implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int MOST = 2000;

  private final TraceOrder order;
  private final ProbeFinder finder;
  private final BpfProgram filter;
  private final List<PacketTap> taps = new ArrayList<>();
  private final List<OpenTap> open = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private volatile boolean closed;

  /**
   * Taps that are not open yet.
   *
   * @param vxlanPort UDP port of the tunnel
   */
  public TraceTaps(TraceOrder order, int vxlanPort) {
    this.order = order;
    this.finder = new ProbeFinder(order, vxlanPort);
    int firstBytes = ByteBuffer.wrap(order.markerBytes()).getInt();
    this.filter =
        TraceFilters.of(
            order.kind() == ProbeKind.TCP
                ? new Wanted.Connections(order.port())
                : new Wanted.Marked(firstBytes, order.port()),
            vxlanPort);
  }

  /** Opens a tap on an interface of this namespace; where it cannot, that is noted. */
  public void open(Tap tap, String interfaceName) {
    opened(tap, interfaceName, () -> PacketTap.open(interfaceName, filter));
  }

  /** Opens a tap on an interface of another namespace. */
  public void open(Tap tap, String interfaceName, NetworkNamespace namespace) {
    opened(tap, interfaceName, () -> namespace.call(() -> PacketTap.open(interfaceName, filter)));
  }

  private interface Opening {
    PacketTap open();
  }

  private void opened(Tap tap, String interfaceName, Opening opening) {
    try {
      PacketTap packets = opening.open();
      packets.keepTime();
      taps.add(packets);
      open.add(new OpenTap(tap, interfaceName));
      Thread.ofPlatform()
          .daemon()
          .name("naru-trace-" + interfaceName)
          .start(() -> listen(tap, packets));
    } catch (NaruException notThere) {
      notes.add("no tap on " + interfaceName + ": " + notThere.sentence());
    }
  }

  private void listen(Tap tap, PacketTap packets) {
    while (!closed) {
      try {
        packets.receive(POLL).ifPresent(packet -> keep(tap, packet));
      } catch (NaruException linkGone) {
        return;
      }
    }
  }

  private synchronized void keep(Tap tap, TappedPacket packet) {
    if (candidates.size() < MOST) {
      candidates.add(new Candidate(tap, packet.kernelTime(), packet.bytes()));
    }
  }

  public List<OpenTap> taps() {
    return List.copyOf(open);
  }

  /** What could not be tapped. */
  public synchronized List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    if (candidates.size() >= MOST) {
      all.add(
          "more than " + MOST + " packets came by that might be the trace's: not all were kept");
    }
    return all;
  }

  /**
   * By which keys the probes that carry no marker are known elsewhere, as this node saw them leave.
   *
   * @param sourcePorts of the probes, in their order
   */
  public synchronized List<Long> keys(List<Integer> sourcePorts) {
    if (order.kind() != ProbeKind.TCP) {
      return sourcePorts.stream().map(Integer::longValue).toList();
    }
    Map<Integer, Long> sequences = new TreeMap<>();
    candidates.forEach(
        candidate ->
            finder
                .opening(candidate.frame())
                .ifPresent(
                    opening -> sequences.putIfAbsent(opening.sourcePort(), opening.sequence())));
    return sourcePorts.stream().map(port -> sequences.getOrDefault(port, -1L)).toList();
  }

  /** The trace's own packets so far, in the order of time. */
  public synchronized List<Sighting> sightings(List<Long> keys) {
    return candidates.stream()
        .flatMap(
            candidate ->
                finder
                    .find(candidate.tap(), candidate.nanoseconds(), candidate.frame(), keys)
                    .stream())
        .sorted(Comparator.comparingLong(Sighting::nanoseconds))
        .limit(MOST / 4)
        .toList();
  }

  /** Whether every probe came to something, as far as this node can see: no need to wait on. */
  public boolean isEverythingBack(List<Integer> sourcePorts, Tap first) {
    List<Sighting> seen = sightings(keys(sourcePorts));
    return seen.stream()
            .filter(sighting -> sighting.tap() == first)
            .filter(sighting -> sighting.kind() != Sighting.Kind.REQUEST)
            .map(Sighting::probe)
            .distinct()
            .count()
        >= order.count();
  }

  @Override
  public void close() {
    closed = true;
    taps.forEach(PacketTap::close);
  }
}

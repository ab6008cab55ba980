package io.naru.observe.trace;

import io.naru.core.error.NaruException;
import io.naru.core.trace.CaptureOrder;
import io.naru.core.trace.NodeCapture.Packet;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.tap.BpfProgram;
import io.naru.linux.tap.PacketTap;
import io.naru.linux.tap.TappedPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The taps of one node in one capture: a bounded number of packets, for a bounded time. */
public final class CaptureTaps implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final CaptureOrder order;
  private final List<PacketTap> taps = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Packet> packets = new ArrayList<>();
  private volatile boolean closed;

  public CaptureTaps(CaptureOrder order) {
    this.order = order;
  }

  /** Captures at an interface of this namespace; where it cannot, that is noted. */
  public void open(String hop, String interfaceName, BpfProgram filter) {
    opened(hop, () -> PacketTap.open(interfaceName, filter, order.bytes()));
  }

  /** Captures at an interface of another namespace. */
  public void open(
      String hop, String interfaceName, BpfProgram filter, NetworkNamespace namespace) {
    opened(hop, () -> namespace.call(() -> PacketTap.open(interfaceName, filter, order.bytes())));
  }

  private interface Opening {
    PacketTap open();
  }

  private void opened(String hop, Opening opening) {
    try {
      PacketTap tap = opening.open();
      tap.keepTime();
      taps.add(tap);
      Thread.ofPlatform().daemon().name("naru-capture-" + hop).start(() -> listen(hop, tap));
    } catch (NaruException notThere) {
      notes.add("nothing is captured at " + hop + ": " + notThere.sentence());
    }
  }

  private void listen(String hop, PacketTap tap) {
    while (!closed && !isFull()) {
      try {
        tap.receive(POLL).ifPresent(packet -> keep(hop, packet));
      } catch (NaruException linkGone) {
        return;
      }
    }
  }

  private synchronized void keep(String hop, TappedPacket packet) {
    if (packets.size() < order.packets()) {
      packets.add(
          new Packet(
              hop,
              packet.kernelTime(),
              packet.originalLength(),
              packet.direction() == TappedPacket.Direction.EGRESS,
              packet.bytes()));
    }
  }

  public synchronized boolean isFull() {
    return packets.size() >= order.packets();
  }

  public synchronized List<Packet> packets() {
    return packets.stream().sorted(Comparator.comparingLong(Packet::nanoseconds)).toList();
  }

  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public void close() {
    closed = true;
    taps.forEach(PacketTap::close);
  }
}

package io.naru.agent.probe;

import io.naru.core.desired.DesiredState;
import io.naru.core.error.NaruException;
import io.naru.core.probe.ProbeFrame;
import io.naru.core.probe.ProbePacket;
import io.naru.linux.tap.BpfProgram;
import io.naru.linux.tap.BpfPrograms;
import io.naru.linux.tap.BpfPrograms.LinkHeader;
import io.naru.linux.tap.PacketTap;
import io.naru.linux.tap.TappedPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The taps that see probes at the tunnel device and at the underlay interface. They are open only
 * while a path is in doubt: an open tap costs every packet of the interface a filter's run.
 */
final class ProbeTaps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProbeTaps.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  /** Is told of every probe that a tap sees, and which tap it was. */
  interface Sighting {
    void seen(ProbePacket packet, boolean tunnel);
  }

  private record Place(String interfaceName, BpfProgram filter, boolean tunnel) {}

  private final Sighting sighting;
  private final Map<Place, PacketTap> open = new HashMap<>();

  ProbeTaps(Sighting sighting) {
    this.sighting = sighting;
  }

  /** Opens the taps that are not open, on these interfaces. */
  synchronized void open(String nic, int vxlanPort) {
    List<Place> places = new ArrayList<>();
    places.add(
        new Place(
            DesiredState.TUNNEL, BpfPrograms.udpTo(LinkHeader.ETHERNET, ProbePacket.PORT), true));
    places.add(new Place(nic, BpfPrograms.udpTo(LinkHeader.ETHERNET, ProbePacket.PORT), false));
    places.add(
        new Place(
            nic,
            BpfPrograms.vxlanWithUdpTo(LinkHeader.ETHERNET, vxlanPort, ProbePacket.PORT),
            false));
    Set<Place> unwanted = new HashSet<>(open.keySet());
    places.forEach(unwanted::remove);
    unwanted.forEach(this::close);
    for (Place place : places) {
      if (!open.containsKey(place)) {
        open(place, vxlanPort);
      }
    }
  }

  private void open(Place place, int vxlanPort) {
    try {
      PacketTap tap = PacketTap.open(place.interfaceName(), place.filter(), ProbeFrame.SNAP_LENGTH);
      open.put(place, tap);
      Thread.ofPlatform()
          .daemon()
          .name("naru-tap-" + place.interfaceName())
          .start(() -> watch(place, tap, vxlanPort));
    } catch (NaruException notThere) {
      LOG.debug("no tap on {} yet: {}", place.interfaceName(), notThere.sentence());
    }
  }

  private void watch(Place place, PacketTap tap, int vxlanPort) {
    while (isOpen(place, tap)) {
      try {
        Optional<TappedPacket> packet = tap.receive(POLL);
        packet
            .flatMap(seen -> ProbeFrame.find(seen.bytes(), vxlanPort))
            .ifPresent(probe -> sighting.seen(probe, place.tunnel()));
      } catch (NaruException linkGone) {
        LOG.debug("the tap on {} ended: {}", place.interfaceName(), linkGone.sentence());
        synchronized (this) {
          open.remove(place, tap);
        }
        tap.close();
        return;
      }
    }
  }

  private synchronized boolean isOpen(Place place, PacketTap tap) {
    return open.get(place) == tap;
  }

  synchronized boolean areOpen() {
    return !open.isEmpty();
  }

  private void close(Place place) {
    PacketTap tap = open.remove(place);
    if (tap != null) {
      tap.close();
    }
  }

  @Override
  public synchronized void close() {
    List.copyOf(open.keySet()).forEach(this::close);
  }
}

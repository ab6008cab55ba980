package io.naru.agent.train;

import io.naru.core.desired.DesiredState;
import io.naru.core.diagnosis.NodeEvidence.TrainCount;
import io.naru.core.error.NaruException;
import io.naru.core.probe.ProbeFrame;
import io.naru.core.probe.ProbePacket;
import io.naru.core.probe.TrainPacket;
import io.naru.linux.tap.BpfProgram;
import io.naru.linux.tap.BpfPrograms;
import io.naru.linux.tap.BpfPrograms.LinkHeader;
import io.naru.linux.tap.PacketTap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Taps at the tunnel device and the underlay interface that count the packets of trains. */
public final class TrainTaps implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);

  private final TrainLog log;
  private final int vxlanPort;
  private final List<PacketTap> taps = new ArrayList<>();
  private volatile boolean closed;

  private TrainTaps(String self, int vxlanPort) {
    this.log = new TrainLog(self, System.nanoTime());
    this.vxlanPort = vxlanPort;
  }

  /**
   * Opens them.
   *
   * @param self this node's name
   * @param nic name of the underlay interface
   */
  public static TrainTaps open(String self, String nic, int vxlanPort) {
    TrainTaps opened = new TrainTaps(self, vxlanPort);
    BpfProgram bare = BpfPrograms.udpTo(LinkHeader.ETHERNET, ProbePacket.PORT);
    opened.watch(nic, bare, false);
    opened.watch(
        nic, BpfPrograms.vxlanWithUdpTo(LinkHeader.ETHERNET, vxlanPort, ProbePacket.PORT), false);
    opened.watch(DesiredState.TUNNEL, bare, true);
    return opened;
  }

  private void watch(String interfaceName, BpfProgram filter, boolean tunnel) {
    try {
      PacketTap tap = PacketTap.open(interfaceName, filter, ProbeFrame.SNAP_LENGTH);
      tap.keepTime();
      taps.add(tap);
      Thread.ofPlatform()
          .daemon()
          .name("naru-trains-" + interfaceName)
          .start(() -> count(tap, tunnel));
    } catch (NaruException noSuchInterface) {
      // A cluster without a tunnel has none; then nothing is counted there.
    }
  }

  private void count(PacketTap tap, boolean tunnel) {
    while (!closed) {
      try {
        tap.receive(POLL)
            .ifPresent(
                seen -> {
                  Optional<TrainPacket> packet = ProbeFrame.findTrain(seen.bytes(), vxlanPort);
                  packet.ifPresent(
                      train -> log.passed(train, tunnel, seen.kernelTime(), seen.nanoTime()));
                });
      } catch (NaruException linkGone) {
        return;
      }
    }
  }

  void sent(TrainPacket packet) {
    log.sent(packet);
  }

  /** What was counted until now. */
  public List<TrainCount> counts() {
    return log.counts(System.nanoTime());
  }

  @Override
  public void close() {
    closed = true;
    taps.forEach(PacketTap::close);
  }
}

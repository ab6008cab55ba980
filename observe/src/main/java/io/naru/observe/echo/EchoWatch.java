package io.naru.observe.echo;

import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.error.NaruException;
import io.naru.linux.tap.BpfPrograms;
import io.naru.linux.tap.BpfPrograms.LinkHeader;
import io.naru.linux.tap.PacketTap;
import io.naru.linux.tap.TappedPacket;
import io.naru.observe.tap.TunnelFrames;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A tap that counts our echoes and their answers, bare and within a tunnel, and keeps the headers
 * of the tunnel's frames that come in. It keeps a bounded number of kinds.
 */
public final class EchoWatch implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int MOST_KINDS = 20_000;
  private static final int MOST_HEADERS = 1000;

  /** Others' tunnel packets are looked at to learn who sends at all: some are enough. */
  private static final int MOST_STRANGERS = 2000;

  private final PacketTap echoes;
  private final Optional<PacketTap> others;
  private final int link;
  private final Map<EchoCount, BitSet> seen = new ConcurrentHashMap<>();
  private final Set<TunnelFrame> headers = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private EchoWatch(PacketTap echoes, Optional<PacketTap> others, int link) {
    this.echoes = echoes;
    this.others = others;
    this.link = link;
  }

  /**
   * Watches an interface of the calling thread's namespace until this is closed or that is gone.
   *
   * @param ethernet whether its packets have an Ethernet header
   * @param vxlanPort the tunnel's UDP port on that interface; 0 where only bare echoes pass
   */
  public static EchoWatch on(String interfaceName, boolean ethernet, int vxlanPort) {
    LinkHeader header = ethernet ? LinkHeader.ETHERNET : LinkHeader.NONE;
    PacketTap echoes =
        PacketTap.open(interfaceName, BpfPrograms.icmpAlsoTunnelled(header, vxlanPort));
    Optional<PacketTap> others =
        vxlanPort == 0
            ? Optional.empty()
            : Optional.of(PacketTap.open(interfaceName, BpfPrograms.udpTo(header, vxlanPort)));
    EchoWatch watch = new EchoWatch(echoes, others, ethernet ? 14 : 0);
    Thread.ofPlatform().daemon().name("naru-echo-" + interfaceName).start(watch::watch);
    others.ifPresent(
        tap ->
            Thread.ofPlatform()
                .daemon()
                .name("naru-tunnel-" + interfaceName)
                .start(() -> watch.hear(tap)));
    return watch;
  }

  private void watch() {
    while (!closed) {
      try {
        echoes.receive(POLL).ifPresent(this::note);
      } catch (NaruException linkDown) {
        // Told once; a link that is gone for good tells nothing any more.
      }
    }
  }

  private void note(TappedPacket packet) {
    boolean incoming = packet.direction() == TappedPacket.Direction.INGRESS;
    EchoFrame.parse(packet.bytes(), link)
        .ifPresent(
            echo -> {
              EchoCount kind =
                  new EchoCount(
                      echo.run(),
                      echo.asker(),
                      echo.target(),
                      echo.full(),
                      echo.reply(),
                      echo.tunnel().isPresent(),
                      incoming,
                      0);
              if (seen.size() < MOST_KINDS || seen.containsKey(kind)) {
                BitSet sequences = seen.computeIfAbsent(kind, k -> new BitSet());
                synchronized (sequences) {
                  sequences.set(echo.sequence());
                }
              }
              if (incoming) {
                echo.tunnel().ifPresent(this::keep);
              }
            });
  }

  private void hear(PacketTap tap) {
    for (int heard = 0; heard < MOST_STRANGERS && !closed; ) {
      try {
        Optional<TappedPacket> packet = tap.receive(POLL);
        heard += packet.isPresent() ? 1 : 0;
        packet
            .filter(p -> p.direction() == TappedPacket.Direction.INGRESS)
            .flatMap(p -> TunnelFrames.parse(p.bytes(), link, false))
            .ifPresent(this::keep);
      } catch (NaruException linkDown) {
        // As above.
      }
    }
    tap.close();
  }

  private void keep(TunnelFrame header) {
    if (headers.size() < MOST_HEADERS) {
      headers.add(header);
    }
  }

  /** What was seen so far. */
  public List<EchoCount> counts() {
    return seen.entrySet().stream()
        .map(entry -> counted(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static EchoCount counted(EchoCount kind, BitSet sequences) {
    int count;
    synchronized (sequences) {
      count = sequences.cardinality();
    }
    return new EchoCount(
        kind.run(),
        kind.asker(),
        kind.target(),
        kind.full(),
        kind.reply(),
        kind.tunnelled(),
        kind.incoming(),
        count);
  }

  /** Headers of the tunnel's frames that came in so far. */
  public List<TunnelFrame> headers() {
    return List.copyOf(headers);
  }

  @Override
  public void close() {
    closed = true;
    echoes.close();
    others.ifPresent(PacketTap::close);
  }
}

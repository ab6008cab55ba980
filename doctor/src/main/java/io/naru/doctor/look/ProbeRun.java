package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.peer.Look.Probe;
import io.naru.doctor.peer.Look.UnderlayTrial;
import io.naru.doctor.peer.PeerEnd;
import io.naru.doctor.peer.Tunnel;
import io.naru.doctor.peer.Tunnel.PodRoute;
import io.naru.linux.call.Rest;
import io.naru.linux.route.Link;
import io.naru.observe.echo.EchoSeries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** All that one node sends in one look: at a bounded rate, however many peers it has. */
final class ProbeRun implements AutoCloseable {
  private static final int MOST_PEERS = 500;
  private static final int MOST_IN_TROUBLE = 32;
  private static final Duration USUAL_STEP = Duration.ofMillis(40);

  /** Packets a second, over all peers. */
  private static final int MOST_A_SECOND = 3000;

  /** Small pings go out every step, full ones every second, pings of the underlay every eighth. */
  private static final double PACKETS_A_STEP = 1 + 0.5 + 0.125;

  /** Longer than the pings, where many nodes are silent. */
  private static final Duration MOST_FOR_PORTS = Duration.ofSeconds(8);

  private static final int UNCOUNTED = 0xfffe;

  /** What an interrupt does to it. */
  static final String BROKEN_OFF = "the look was broken off";

  private final Duration probing;
  private final List<TunnelProbe> probes = new ArrayList<>();
  private final Map<IpAddress, UnderlayProbe> underlay = new LinkedHashMap<>();

  private ProbeRun(Duration probing) {
    this.probing = probing;
  }

  /** Opens what it needs, in the calling thread's network namespace. */
  static ProbeRun open(
      List<Tunnel> tunnels,
      List<PodRoute> direct,
      TunnelReader reader,
      int run,
      List<String> notChecked,
      Duration probing) {
    ProbeRun all = new ProbeRun(probing);
    try {
      for (Tunnel tunnel : tunnels) {
        for (PeerEnd end : PeerEnd.of(tunnel)) {
          all.add(tunnel, end, reader, run, notChecked);
        }
      }
      for (PodRoute route : direct) {
        all.addDirect(route, reader, run);
      }
      return all;
    } catch (RuntimeException failure) {
      all.close();
      throw failure;
    }
  }

  private void add(
      Tunnel tunnel, PeerEnd end, TunnelReader reader, int run, List<String> notChecked) {
    end.node().ifPresent(node -> onUnderlay(node, reader, run));
    if (end.target().isEmpty()) {
      notChecked.add(
          "the tunnel to "
              + end.node().map(IpAddress::toString).orElse("a node")
              + ": no address behind it is known to ask");
      return;
    }
    if (probes.size() < MOST_PEERS) {
      probe(
          tunnel.device(),
          end.node(),
          end.target().get(),
          unspecified(end.target().get().family()),
          tunnel.mtu(),
          run);
    } else if (probes.size() == MOST_PEERS) {
      notChecked.add("more than the first " + MOST_PEERS + " peers");
    }
  }

  private void addDirect(PodRoute route, TunnelReader reader, int run) {
    IpAddress target = route.target().orElseThrow();
    route.gateway().ifPresent(node -> onUnderlay(node, reader, run));
    if (probes.size() < MOST_PEERS) {
      IpAddress source = reader.bridgeAddress(target.family()).orElse(unspecified(target.family()));
      int mtu = route.gateway().flatMap(reader::wayTo).map(Link::mtu).orElse(1500);
      probe("", route.gateway(), target, source, mtu, run);
    }
  }

  private void probe(
      String device,
      Optional<IpAddress> node,
      IpAddress target,
      IpAddress source,
      int size,
      int run) {
    EchoSeries series = EchoSeries.open(source, target, run, probes.size() + 1, size);
    probes.add(new TunnelProbe(device, node, target, series, source, size, run + 1));
  }

  private void onUnderlay(IpAddress node, TunnelReader reader, int run) {
    if (underlay.containsKey(node) || underlay.size() >= MOST_PEERS) {
      return;
    }
    EchoSeries echoes = null;
    try {
      echoes =
          EchoSeries.open(
              unspecified(node.family()), node, run, 0x8000 | underlay.size(), EchoSeries.SMALL);
    } catch (NaruException refused) {
      if (refused.code() == ErrorCode.NOT_PERMITTED) {
        throw refused;
      }
    }
    underlay.put(node, new UnderlayProbe(node, reader.isOnLink(node), echoes));
  }

  private static IpAddress unspecified(IpFamily family) {
    return IpAddress.parse(family == IpFamily.IPV4 ? "0.0.0.0" : "::");
  }

  /** Sends all, and waits for the last answers. */
  void send(Duration lastAnswers) {
    List<Runnable> trials =
        underlay.values().stream().<Runnable>map(each -> each::tryPorts).toList();
    PortTrials ports = PortTrials.start(trials, probing.plus(MOST_FOR_PORTS));
    long begin = System.nanoTime();
    Duration step = step();
    for (int i = 0; System.nanoTime() - begin < probing.toNanos() || i < 4; i++) {
      sendOnce(i);
      Rest.until(begin + (i + 1) * step.toNanos(), BROKEN_OFF);
    }
    Rest.of(lastAnswers, BROKEN_OFF);
    ports.join();
  }

  private void sendOnce(int step) {
    for (TunnelProbe probe : probes) {
      probe.series().sendSmall();
      if (step % 2 == 0) {
        probe.series().sendFull();
      }
    }
    if (step % 8 == 0) {
      underlay.values().forEach(UnderlayProbe::ping);
    }
  }

  /** Many peers: less often. */
  private Duration step() {
    long nanos =
        (long) (1e9 * PACKETS_A_STEP * Math.max(probes.size(), underlay.size()) / MOST_A_SECOND);
    return Duration.ofNanos(Math.max(nanos, USUAL_STEP.toNanos()));
  }

  /** Whether pings to that address are answered. */
  boolean isWell(IpAddress target) {
    return probes.stream().anyMatch(probe -> probe.target().equals(target) && !probe.isInTrouble());
  }

  boolean isInTrouble() {
    return probes.stream().anyMatch(TunnelProbe::isInTrouble);
  }

  List<Probe> results() {
    return probes.stream().map(TunnelProbe::result).toList();
  }

  List<UnderlayTrial> underlay(TunnelReader reader, List<String> notChecked) {
    long untried = underlay.values().stream().filter(each -> !each.isTried()).count();
    if (untried > 0) {
      notChecked.add(
          "the nodes' own addresses: there was no time for "
              + untried
              + " of "
              + underlay.size()
              + ", since so many others are silent");
    }
    return underlay.values().stream()
        .filter(UnderlayProbe::isTried)
        .map(each -> each.result(reader))
        .toList();
  }

  /** Goes on sending where packets are lost, while more is tried there. */
  List<Probe> more(Duration atLeast, Optional<IpAddress> own) {
    IdentityHashMap<TunnelProbe, FutureTask<Probe>> tasks = new IdentityHashMap<>();
    List<Thread> threads = new ArrayList<>();
    for (TunnelProbe probe : probes) {
      if (probe.isInTrouble() && tasks.size() < MOST_IN_TROUBLE) {
        FutureTask<Probe> task = new FutureTask<>(() -> probe.resultOfMore(own));
        tasks.put(probe, task);
        threads.add(Thread.ofPlatform().daemon().name("naru-more").unstarted(task));
      }
    }
    List<Probe> counted = results();
    threads.forEach(Thread::start);
    keepSending(atLeast, threads);
    List<Probe> results = new ArrayList<>();
    for (int i = 0; i < probes.size(); i++) {
      FutureTask<Probe> task = tasks.get(probes.get(i));
      results.add(
          task != null && task.state() == Future.State.SUCCESS
              ? withCounts(counted.get(i), task.resultNow())
              : counted.get(i));
    }
    return List.copyOf(results);
  }

  /** Under numbers that are not counted, so that a trace of the filter has something to see. */
  private void keepSending(Duration atLeast, List<Thread> threads) {
    List<TunnelProbe> lossy = probes.stream().filter(TunnelProbe::isInTrouble).toList();
    long end = System.nanoTime() + atLeast.toNanos();
    while (System.nanoTime() < end || threads.stream().anyMatch(Thread::isAlive)) {
      lossy.forEach(probe -> probe.series().sendSized(UNCOUNTED, EchoSeries.SMALL));
      Rest.of(USUAL_STEP, BROKEN_OFF);
    }
  }

  /** What was tried later, with the numbers of before. */
  private static Probe withCounts(Probe counted, Probe more) {
    return new Probe(
        counted.device(),
        counted.node(),
        counted.target(),
        counted.smallSent(),
        counted.smallAnswered(),
        counted.fullSent(),
        counted.fullAnswered(),
        counted.fullSize(),
        counted.refusal(),
        more.detour(),
        more.otherAnswer(),
        more.largest());
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException stop) {
      throw Rest.brokenOff(stop, BROKEN_OFF);
    }
  }

  @Override
  public void close() {
    probes.forEach(TunnelProbe::close);
    underlay.values().forEach(UnderlayProbe::close);
  }
}

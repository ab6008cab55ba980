package io.naru.agent.train;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.desired.NodeView;
import io.naru.core.error.NaruException;
import io.naru.core.path.Transport;
import io.naru.core.probe.ProbePacket;
import io.naru.core.probe.TrainKind;
import io.naru.core.probe.TrainPacket;
import io.naru.core.state.RouteTables;
import io.naru.linux.socket.ProbeOptions;
import io.naru.linux.socket.ProbeOptions.Fragmentation;
import io.naru.linux.socket.ProbeSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/** Sends the trains to some peers, each kind at its moment. */
public final class TrainSender implements AutoCloseable {
  /**
   * When each kind begins: the slow one first, what fills queues late, and early enough that all of
   * it has arrived before anybody stops to look.
   */
  private static final Map<TrainKind, Duration> MOMENTS =
      Map.of(
          TrainKind.STEADY, Duration.ofMillis(300),
          TrainKind.FLOWS, Duration.ofMillis(400),
          TrainKind.SMALL_BURST, Duration.ofMillis(1200),
          TrainKind.FULL_BURST, Duration.ofMillis(1400),
          TrainKind.SIZES, Duration.ofMillis(1700));

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final SecureRandom random = new SecureRandom();
  private final NodeView view;
  private final TrainTaps taps;
  private final Predicate<Node> losesLarge;
  private final long start = System.nanoTime();

  private record Way(IpAddress source, IpAddress destination, Transport transport, Node peer) {
    IpFamily family() {
      return source.family();
    }
  }

  private TrainSender(NodeView view, TrainTaps taps, Predicate<Node> losesLarge) {
    this.view = view;
    this.taps = taps;
    this.losesLarge = losesLarge;
  }

  /**
   * Begins to send, by the transport that pods use.
   *
   * @param losesLarge whether large packets to a peer seem to be lost, asked when its sizes are due
   */
  public static TrainSender start(
      NodeView view, List<Node> peers, TrainTaps taps, Predicate<Node> losesLarge) {
    TrainSender sender = new TrainSender(view, taps, losesLarge);
    peers.stream().flatMap(peer -> sender.ways(peer).stream()).forEach(sender::send);
    return sender;
  }

  private List<Way> ways(Node peer) {
    List<Way> ways = new ArrayList<>();
    view.chosenTransport(peer)
        .ifPresent(
            transport -> {
              for (Prefix theirs : view.carried(peer, transport)) {
                view.self()
                    .podCidr(theirs.family())
                    .map(ours -> NodeView.gateway(ours).address())
                    .map(ours -> new Way(ours, NodeView.gateway(theirs).address(), transport, peer))
                    .ifPresent(ways::add);
              }
            });
    return ways;
  }

  private void send(Way way) {
    MOMENTS.forEach(
        (kind, moment) -> {
          Future<TrainKind> _ =
              threads.submit(
                  () -> {
                    await(start + moment.toNanos());
                    if (kind != TrainKind.SIZES || losesLarge.test(way.peer())) {
                      send(way, kind);
                    }
                    return kind;
                  });
        });
  }

  private void send(Way way, TrainKind kind) throws InterruptedException {
    int ports = kind == TrainKind.FLOWS ? TrainKind.FLOW_COUNT : 1;
    List<ProbeSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < ports; i++) {
        sockets.add(open(way));
      }
      long run = random.nextLong();
      long begin = System.nanoTime();
      int headers = way.source().isIpv4() ? 28 : 48;
      for (int sequence = 0; sequence < kind.packets(); sequence++) {
        await(begin + kind.duration().toNanos() * sequence / kind.packets());
        int length = kind.length(sequence, view.podMtu());
        TrainPacket packet =
            new TrainPacket(
                run,
                kind,
                way.transport(),
                way.family(),
                sequence,
                length,
                view.self().name(),
                way.peer().name());
        try {
          sockets
              .get(sequence % ports)
              .send(way.destination(), ProbePacket.PORT, packet.encode(length - headers));
          taps.sent(packet);
        } catch (NaruException refused) {
          // The single probes say why; here it is just not sent.
        }
      }
    } catch (NaruException noSocket) {
      // An address that is not there yet: the single probes tell that too.
    } finally {
      sockets.forEach(ProbeSocket::close);
    }
  }

  private static ProbeSocket open(Way way) {
    return ProbeSocket.open(
        way.source(),
        0,
        ProbeOptions.plain()
            .withMark(RouteTables.mark(way.transport()))
            .withFragmentation(Fragmentation.PROBING));
  }

  private static void await(long moment) throws InterruptedException {
    long left = moment - System.nanoTime();
    if (left > 0) {
      Thread.sleep(Duration.ofNanos(left));
    }
  }

  /** Stops what is not sent yet. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}

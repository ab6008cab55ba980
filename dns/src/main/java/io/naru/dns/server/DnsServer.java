package io.naru.dns.server;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Listens for questions at addresses of its own: an answer leaves from the address that was asked.
 */
public final class DnsServer implements AutoCloseable {
  private static final long LOOK_MILLIS = 500;

  /** Ports that are free for UDP may be taken for TCP; so often others are tried. */
  private static final int ATTEMPTS = 10;

  private final int port;
  private final Access access;
  private final TcpConnections connections;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("naru-dns-timer").factory());
  private final Map<IpAddress, Sockets> listening = new LinkedHashMap<>();

  private record Sockets(UdpListener udp, TcpListener tcp, InetSocketAddress address) {
    void close() {
      udp.close();
      tcp.close();
    }
  }

  /**
   * A server that does not listen yet.
   *
   * @param port 0 for one that is free, at each address another
   * @param mayAsk who is served; asked for every packet, so it must be quick
   * @param clock nanoseconds that never go back; the one of {@code responder}'s answers
   */
  public DnsServer(
      int port,
      Predicate<IpAddress> mayAsk,
      Responder responder,
      Bounds bounds,
      ServerCounters counters,
      LongSupplier clock) {
    this.port = port;
    this.access = new Access(mayAsk, responder, counters, clock, bounds.waiting());
    this.connections =
        new TcpConnections(
            bounds.connections(), bounds.connectionsOfClient(), bounds.patience(), counters);
    ScheduledFuture<?> _ =
        timer.scheduleWithFixedDelay(
            connections::closeLate, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Listens at these addresses and no others. Sockets are opened in the network namespace of the
   * calling thread.
   *
   * @throws NaruException {@link ErrorCode#UNAVAILABLE} if one cannot be had; the others then
   *     listen
   */
  public synchronized void listen(List<IpAddress> addresses) {
    Set<IpAddress> wanted = new HashSet<>(addresses);
    listening
        .entrySet()
        .removeIf(
            each -> {
              boolean gone = !wanted.contains(each.getKey());
              if (gone) {
                each.getValue().close();
              }
              return gone;
            });
    NaruException failed = null;
    for (IpAddress each : addresses) {
      if (!listening.containsKey(each)) {
        try {
          listening.put(each, open(each));
        } catch (IOException e) {
          NaruException failure = cannotListen(each, e);
          if (failed == null) {
            failed = failure;
          } else {
            failed.addSuppressed(failure);
          }
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  private NaruException cannotListen(IpAddress address, IOException e) {
    return new NaruException(
        ErrorCode.UNAVAILABLE,
        "the DNS server cannot listen at "
            + address
            + " port "
            + port
            + ": "
            + e.getMessage()
            + "; the address must be one of this node's, and no other DNS server may listen there",
        e);
  }

  private Sockets open(IpAddress address) throws IOException {
    for (int attempt = 1; ; attempt++) {
      UdpListener udp =
          UdpListener.open(new InetSocketAddress(address.toInetAddress(), port), access);
      try {
        InetSocketAddress bound = udp.address();
        TcpListener tcp = TcpListener.open(bound, access, connections);
        udp.start();
        tcp.start();
        return new Sockets(udp, tcp, bound);
      } catch (IOException | RuntimeException e) {
        udp.close();
        if (port != 0 || attempt == ATTEMPTS || !(e instanceof IOException)) {
          throw e;
        }
      }
    }
  }

  /** The addresses at which it listens now. */
  public synchronized List<IpAddress> addresses() {
    return List.copyOf(listening.keySet());
  }

  /** Where it listens now, over UDP and TCP. */
  public synchronized List<InetSocketAddress> listening() {
    return new ArrayList<>(listening.values().stream().map(Sockets::address).toList());
  }

  /** Forgets the answers that are kept as they went out. */
  public synchronized void forget() {
    listening.values().forEach(each -> each.udp().forget());
  }

  /** Connections that are open. */
  public int connections() {
    return connections.size();
  }

  @Override
  public synchronized void close() {
    listening.values().forEach(Sockets::close);
    listening.clear();
    connections.closeAll();
    timer.shutdownNow();
    access.close();
  }
}

package io.naru.observe.trace;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.core.trace.NodeTrace.Attempt;
import io.naru.core.trace.TraceOrder;
import io.naru.linux.call.Rest;
import io.naru.linux.socket.EchoSocket;
import io.naru.linux.socket.ProbeOptions;
import io.naru.linux.socket.ProbeOptions.Fragmentation;
import io.naru.linux.socket.ProbeSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sends a trace's probes from the network namespace of the thread that made it, each from a port of
 * its own. Its sockets stay open until it is closed, so that answers are not refused.
 */
public final class ProbeSender implements AutoCloseable {
  /** Apart, so that one full queue does not take all of them. */
  private static final Duration PAUSE = Duration.ofMillis(15);

  private static final int IPV4_HEADERS = 20 + 8;
  private static final int IPV6_HEADERS = 40 + 8;

  private final TraceOrder order;
  private final List<AutoCloseable> sockets = new ArrayList<>();
  private final List<Attempt> attempts = new ArrayList<>();
  private final List<Integer> sourcePorts = new ArrayList<>();

  private ProbeSender(TraceOrder order) {
    this.order = order;
  }

  /** Sends all of them. */
  public static ProbeSender send(TraceOrder order) {
    ProbeSender sender = new ProbeSender(order);
    for (int probe = 0; probe < order.count(); probe++) {
      sender.attempts.add(sender.attempt(probe));
      if (!Rest.passes(PAUSE)) {
        break;
      }
    }
    return sender;
  }

  private Attempt attempt(int probe) {
    try {
      switch (order.kind()) {
        case ECHO -> echo(probe);
        case UDP -> datagram(probe);
        case TCP -> connection();
      }
      return new Attempt(probe, Optional.empty());
    } catch (NaruException refused) {
      return new Attempt(probe, Optional.of(refused.sentence()));
    } catch (IOException refused) {
      return new Attempt(probe, Optional.of(String.valueOf(refused.getMessage())));
    } finally {
      if (sourcePorts.size() <= probe) {
        sourcePorts.add(0);
      }
    }
  }

  /** The marker, the probe's number, and as many zeros as the size asks for. */
  private byte[] payload(int probe) {
    IpAddress destination = order.destination();
    int headers = destination.isIpv4() ? IPV4_HEADERS : IPV6_HEADERS;
    int least = TraceOrder.MARKER_BYTES + 1;
    return ByteBuffer.allocate(Math.max(least, order.size() - headers))
        .put(order.markerBytes())
        .put((byte) probe)
        .array();
  }

  private void echo(int probe) {
    EchoSocket socket = EchoSocket.open(order.source());
    sockets.add(socket);
    int identifier = ByteBuffer.wrap(order.markerBytes()).getShort();
    socket.send(order.destination(), identifier, probe + 1, payload(probe));
  }

  private void datagram(int probe) {
    ProbeSocket socket =
        ProbeSocket.open(
            order.source(), 0, ProbeOptions.plain().withFragmentation(Fragmentation.FORBIDDEN));
    sockets.add(socket);
    sourcePorts.add(socket.port());
    socket.send(order.destination(), order.port(), payload(probe));
  }

  private void connection() throws IOException {
    SocketChannel channel = SocketChannel.open();
    sockets.add(channel);
    channel.configureBlocking(false);
    channel.bind(new InetSocketAddress(order.source().toInetAddress(), 0));
    if (channel.getLocalAddress() instanceof InetSocketAddress own) {
      sourcePorts.add(own.getPort());
    }
    boolean _ =
        channel.connect(new InetSocketAddress(order.destination().toInetAddress(), order.port()));
  }

  public List<Attempt> attempts() {
    return List.copyOf(attempts);
  }

  /** Of each probe; 0 for one that has no port. */
  public List<Integer> sourcePorts() {
    return List.copyOf(sourcePorts);
  }

  @Override
  public void close() {
    for (AutoCloseable socket : sockets) {
      try {
        socket.close();
      } catch (Exception closedAlready) {
        // It sent what it had to.
      }
    }
  }
}

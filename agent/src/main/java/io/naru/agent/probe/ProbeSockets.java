package io.naru.agent.probe;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.core.path.Transport;
import io.naru.core.probe.ProbePacket;
import io.naru.core.state.RouteTables;
import io.naru.linux.socket.ProbeOptions;
import io.naru.linux.socket.ProbeOptions.Fragmentation;
import io.naru.linux.socket.ProbeSocket;
import io.naru.linux.socket.ReceivedDatagram;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets that probes leave and enter by. They are the node's own addresses in the pod network,
 * so a probe takes the way of pod packets: the same routes, tunnel and filters. A mark sends it by
 * its transport even where pod packets take another.
 */
final class ProbeSockets implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProbeSockets.class);
  private static final Duration POLL = Duration.ofSeconds(2);

  /** Trains of packets come to this port too: they must not push probes out. */
  private static final int WAITING = 4 << 20;

  private record SendKey(IpAddress source, Transport transport) {}

  private final Consumer<ProbePacket> delivered;
  private final Map<SendKey, ProbeSocket> senders = new HashMap<>();
  private final Map<IpAddress, ProbeSocket> receivers = new HashMap<>();
  private volatile boolean closed;

  ProbeSockets(Consumer<ProbePacket> delivered) {
    this.delivered = delivered;
  }

  /** Listens on these addresses and no others; one that is not there yet is tried again. */
  synchronized void listenOn(Set<IpAddress> addresses) {
    Set<IpAddress> gone = new HashSet<>(receivers.keySet());
    gone.removeAll(addresses);
    for (IpAddress address : gone) {
      receivers.computeIfPresent(address, (key, socket) -> closed(socket));
      senders.entrySet().removeIf(entry -> closedWith(entry, address));
    }
    for (IpAddress address : addresses) {
      if (!receivers.containsKey(address)) {
        try {
          ProbeSocket socket =
              ProbeSocket.open(
                  address, ProbePacket.PORT, ProbeOptions.plain().withReceiveBuffer(WAITING));
          receivers.put(address, socket);
          Thread.ofPlatform().daemon().name("naru-probes-" + address).start(() -> receive(socket));
        } catch (NaruException notYet) {
          LOG.debug("not listening for probes on {} yet: {}", address, notYet.sentence());
        }
      }
    }
  }

  private static boolean closedWith(Map.Entry<SendKey, ProbeSocket> entry, IpAddress address) {
    boolean belongs = entry.getKey().source().equals(address);
    if (belongs) {
      entry.getValue().close();
    }
    return belongs;
  }

  private void receive(ProbeSocket socket) {
    while (!closed) {
      try {
        Optional<ReceivedDatagram> datagram = socket.receive(POLL);
        if (datagram.isPresent()) {
          delivered.accept(ProbePacket.decode(datagram.get().bytes()));
        } else if (!stillOpen(socket)) {
          return;
        }
      } catch (NaruException unusable) {
        if (!stillOpen(socket)) {
          return;
        }
        LOG.debug("a datagram on the probes' port was no probe: {}", unusable.sentence());
      }
    }
  }

  private synchronized boolean stillOpen(ProbeSocket socket) {
    return receivers.containsValue(socket);
  }

  /**
   * Sends a probe.
   *
   * @throws NaruException with the kernel's sentence where it does not take it
   */
  synchronized void send(OutgoingProbe probe) {
    SendKey key = new SendKey(probe.source(), probe.packet().transport());
    ProbeSocket socket = senders.get(key);
    if (socket == null) {
      ProbeOptions options =
          ProbeOptions.plain()
              .withMark(RouteTables.mark(key.transport()))
              .withFragmentation(Fragmentation.PROBING);
      socket = ProbeSocket.open(key.source(), 0, options);
      senders.put(key, socket);
    }
    socket.send(probe.destination(), ProbePacket.PORT, probe.packet().encode(probe.length()));
  }

  private static @Nullable ProbeSocket closed(ProbeSocket socket) {
    socket.close();
    return null;
  }

  @Override
  public synchronized void close() {
    closed = true;
    senders.values().forEach(ProbeSocket::close);
    receivers.values().forEach(ProbeSocket::close);
    senders.clear();
    receivers.clear();
  }
}

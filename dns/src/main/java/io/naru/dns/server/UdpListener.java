package io.naru.dns.server;

import io.naru.core.address.IpAddress;
import io.naru.dns.server.Incoming.Request;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Rcode;

/**
 * One address' socket for UDP. Its thread answers what is known; what must be asked for waits on a
 * virtual thread. A thread of its own sends what these found: were they to use the channel, the JDK
 * would make it non-blocking, and each packet received would cost a call more.
 */
final class UdpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UdpListener.class);

  /** A query is a few hundred bytes at most; the kernel cuts what is longer. */
  private static final int BUFFER = 4096;

  /** So many bytes of queries may wait while the thread is busy; the kernel may grant less. */
  private static final int WAITING_BYTES = 1 << 20;

  /** Nanoseconds: what fails again and again shall not take a processor for itself. */
  private static final long PAUSE = 100_000;

  private final Access access;
  private final DatagramChannel channel;
  private final ExecutorService sender;
  private final Thread receiver;
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] query = new byte[BUFFER];
  private final Replier replier;

  private UdpListener(DatagramChannel channel, Access access, String name) {
    this.channel = channel;
    this.access = access;
    this.replier = new Replier(access);
    this.receiver = Thread.ofPlatform().daemon().name("naru-dns-" + name).unstarted(this::receive);
    this.sender =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("naru-dns-late-" + name).factory());
  }

  /** Opens the socket in the network namespace of the calling thread. */
  static UdpListener open(InetSocketAddress address, Access access) throws IOException {
    DatagramChannel channel = DatagramChannel.open(Access.family(address));
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, WAITING_BYTES);
      channel.bind(address);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    return new UdpListener(channel, access, IpAddress.of(address.getAddress()).toString());
  }

  void start() {
    receiver.start();
  }

  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  /** Forgets the answers that went out. */
  void forget() {
    replier.forget();
  }

  private void receive() {
    while (channel.isOpen()) {
      try {
        in.clear();
        if (channel.receive(in) instanceof InetSocketAddress from) {
          in.flip();
          int length = in.remaining();
          in.get(query, 0, length);
          handle(length, from);
        }
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException | RuntimeException | VirtualMachineError e) {
        // Nothing that arrives is a reason to stop; memory may be short for a moment.
        LOG.debug("A DNS query was not handled", e);
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  private void handle(int length, InetSocketAddress from) {
    access.counters().queries.increment();
    if (from.getPort() == 0 || !access.mayAsk(from.getAddress())) {
      access.counters().refused.increment();
      return;
    }
    ByteBuffer reply = replier.reply(query, length, request -> ask(request, from));
    if (reply != null) {
      send(reply, from);
    }
  }

  private void ask(Request request, InetSocketAddress from) {
    boolean taken =
        access.later(
            () -> {
              byte[] message = access.find(request, request.size());
              try {
                sender.execute(() -> send(ByteBuffer.wrap(message), from));
              } catch (RejectedExecutionException closed) {
                access.counters().unsent.increment();
              }
            });
    if (!taken) {
      send(ByteBuffer.wrap(Outgoing.failure(request, Rcode.SERVFAIL)), from);
    }
  }

  private void send(ByteBuffer message, InetSocketAddress to) {
    try {
      channel.send(message, to);
    } catch (IOException e) {
      // The asker may be gone, or have no route.
      access.counters().unsent.increment();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("A DNS socket was not closed", e);
    }
    sender.shutdownNow();
  }
}

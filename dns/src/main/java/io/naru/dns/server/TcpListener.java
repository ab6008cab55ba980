package io.naru.dns.server;

import io.naru.core.address.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One address' socket for TCP: a thread takes connections in, virtual threads serve them. */
final class TcpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);

  /** Connections that the kernel keeps until they are taken in. */
  private static final int BACKLOG = 1024;

  /** Without file descriptors it waits so long, in nanoseconds, for some to come free. */
  private static final long PAUSE = 20_000_000;

  private final ServerSocketChannel channel;
  private final Access access;
  private final TcpConnections connections;
  private final Thread acceptor;

  private TcpListener(
      ServerSocketChannel channel, Access access, TcpConnections connections, String name) {
    this.channel = channel;
    this.access = access;
    this.connections = connections;
    this.acceptor =
        Thread.ofPlatform().daemon().name("naru-dns-tcp-" + name).unstarted(this::accept);
  }

  /** Opens the socket in the network namespace of the calling thread. */
  static TcpListener open(InetSocketAddress address, Access access, TcpConnections connections)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(Access.family(address));
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(address, BACKLOG);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    String name = IpAddress.of(address.getAddress()).toString();
    return new TcpListener(channel, access, connections, name);
  }

  void start() {
    acceptor.start();
  }

  private void accept() {
    while (channel.isOpen()) {
      try {
        take(channel.accept());
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException | RuntimeException | VirtualMachineError e) {
        LOG.debug("A DNS connection was not taken in", e);
        connections.closeOldest();
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  private void take(SocketChannel taken) throws IOException {
    boolean served = false;
    try {
      if (!(taken.getRemoteAddress() instanceof InetSocketAddress from)) {
        return;
      }
      if (!access.mayAsk(from.getAddress())) {
        access.counters().refused.increment();
        return;
      }
      TcpConnection connection = new TcpConnection(taken, from.getAddress(), access, connections);
      if (connections.add(connection)) {
        served = true;
        Thread.ofVirtual().name("naru-dns-connection").start(connection);
      }
    } finally {
      if (!served) {
        taken.close();
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("A DNS socket was not closed", e);
    }
  }
}

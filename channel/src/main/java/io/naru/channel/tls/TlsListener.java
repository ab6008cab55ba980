package io.naru.channel.tls;

import io.naru.channel.Connection;
import io.naru.channel.ConnectionHandler;
import io.naru.channel.Connections;
import io.naru.channel.Deadline;
import io.naru.channel.Peer;
import io.naru.channel.TcpAddress;
import io.naru.channel.identity.NodeIdentity;
import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for mutual TLS 1.3. A connection with a certificate of our authority has an authenticated
 * peer; one without has an anonymous one; one with another certificate is refused. Strangers have a
 * bounded number of places, so that they cannot keep nodes out.
 */
public final class TlsListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsListener.class);
  private static final int BACKLOG = 512;

  private final ServerSocket server;
  private final Supplier<TlsContext> context;
  private final TlsLimits limits;
  private final StrangerCount strangers;
  private final Connections connections;

  private TlsListener(
      ServerSocket server,
      Supplier<TlsContext> context,
      TlsLimits limits,
      ConnectionHandler handler) {
    this.server = server;
    this.context = context;
    this.limits = limits;
    this.strangers = new StrangerCount(limits);
    this.connections = new Connections("tls", handler);
  }

  /**
   * Starts to listen.
   *
   * @param listen {@code [::]:8472} for every address of both families
   * @param identity asked at each handshake, for its certificate may be replaced
   * @throws NaruException CONFLICT if another program has the port
   */
  public static TlsListener start(
      TcpAddress listen,
      Supplier<NodeIdentity> identity,
      TlsLimits limits,
      ConnectionHandler handler) {
    Supplier<TlsContext> context = new CurrentTlsContext(identity);
    try {
      ServerSocket server = new ServerSocket();
      try {
        server.setReuseAddress(true);
        server.bind(listen.toSocketAddress(), BACKLOG);
      } catch (IOException e) {
        server.close();
        throw e;
      }
      TlsListener listener = new TlsListener(server, context, limits, handler);
      Thread.ofVirtual().name("naru-accept-tls").start(listener::accept);
      return listener;
    } catch (BindException e) {
      throw new NaruException(
          ErrorCode.CONFLICT,
          "TCP "
              + listen
              + " cannot be listened on ("
              + e.getMessage()
              + "); find who has the port with: ss -tlnp sport = :"
              + listen.port(),
          e);
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "TCP " + listen + " cannot be listened on: " + e.getMessage(), e);
    }
  }

  /** Where it listens, with the port that the kernel chose if it was 0. */
  public TcpAddress address() {
    return TcpAddress.of((InetSocketAddress) server.getLocalSocketAddress());
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        IpAddress source = IpAddress.of(socket.getInetAddress());
        if (strangers.enter(source)) {
          Thread.ofVirtual().name("naru-tls-" + source).start(() -> admit(socket, source));
        } else {
          LOG.warn("refused {}: too many connections there are without a certificate", source);
          socket.close();
        }
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
        LOG.warn("could not accept a connection: {}", e.getMessage());
        if (!Connections.pause()) {
          return;
        }
      }
    }
  }

  private void admit(Socket socket, IpAddress source) {
    boolean stranger = true;
    try (socket) {
      Connection connection = handshaken(socket);
      if (connection.peer() instanceof Peer.Anonymous) {
        try (Deadline deadline = new Deadline(limits.anonymous(), socket)) {
          connections.serveHere(connection);
          if (deadline.expired()) {
            LOG.info("closed {}: it had no certificate and did not join in time", source);
          }
        }
      } else {
        stranger = false;
        strangers.leave(source);
        connections.serveHere(connection);
      }
    } catch (IOException | NaruException e) {
      LOG.info("refused {}: {}", source, e.getMessage());
    } finally {
      if (stranger) {
        strangers.leave(source);
      }
    }
  }

  private Connection handshaken(Socket socket) throws IOException {
    try (Deadline deadline = new Deadline(limits.handshake(), socket)) {
      TlsConnection.tune(socket);
      SSLSocket tls = context.get().over(socket, false);
      try {
        tls.startHandshake();
      } catch (IOException e) {
        throw deadline.expired()
            ? new IOException("it did not finish the handshake in time", e)
            : e;
      }
      Peer peer = TlsConnection.peer(tls);
      return TlsConnection.of(
          tls, socket, peer, peer + " at " + IpAddress.of(socket.getInetAddress()));
    }
  }

  /** Stops listening and closes the connections. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException alreadyGone) {
      LOG.debug("the listener was closed already");
    } finally {
      connections.close();
    }
  }
}

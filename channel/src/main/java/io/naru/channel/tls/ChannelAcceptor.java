package io.naru.channel.tls;

import io.naru.channel.Connection;
import io.naru.channel.Deadline;
import io.naru.channel.Hello;
import io.naru.channel.HelloHandler;
import io.naru.channel.Peer;
import io.naru.channel.TcpAddress;
import io.naru.channel.identity.NodeIdentity;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/** One TLS port for several kinds of conversation: the first line says which. */
public final class ChannelAcceptor implements AutoCloseable {
  private final TlsListener listener;

  private ChannelAcceptor(TlsListener listener) {
    this.listener = listener;
  }

  /** Starts to listen with the usual limits. */
  public static ChannelAcceptor start(
      TcpAddress listen, NodeIdentity identity, Map<String, HelloHandler> handlers) {
    return start(listen, () -> identity, handlers);
  }

  /** Starts to listen with the usual limits and, at each handshake, the identity of then. */
  public static ChannelAcceptor start(
      TcpAddress listen, Supplier<NodeIdentity> identity, Map<String, HelloHandler> handlers) {
    return start(listen, identity, TlsLimits.DEFAULT, handlers);
  }

  /**
   * Starts to listen.
   *
   * @param identity asked at each handshake, for its certificate may be replaced
   * @param handlers by the kind of {@link Hello}; {@link Hello#JOIN} alone is open to a peer
   *     without a certificate
   */
  public static ChannelAcceptor start(
      TcpAddress listen,
      Supplier<NodeIdentity> identity,
      TlsLimits limits,
      Map<String, HelloHandler> handlers) {
    Map<String, HelloHandler> fixed = Map.copyOf(handlers);
    return new ChannelAcceptor(
        TlsListener.start(
            listen, identity, limits, connection -> dispatch(connection, limits, fixed)));
  }

  private static void dispatch(
      Connection connection, TlsLimits limits, Map<String, HelloHandler> handlers) {
    Hello hello = helloInTime(connection, limits);
    HelloHandler handler = handlers.get(hello.kind());
    if (handler == null) {
      throw new NaruException(
          ErrorCode.MALFORMED,
          connection
              + " asks for '"
              + hello.kind()
              + "'; here are "
              + new TreeSet<>(handlers.keySet()));
    }
    if (connection.peer() instanceof Peer.Anonymous && !hello.kind().equals(Hello.JOIN)) {
      throw new NaruException(
          ErrorCode.NOT_AUTHENTICATED,
          connection + " asks for '" + hello.kind() + "' and has no certificate");
    }
    handler.handle(hello, connection);
  }

  private static Hello helloInTime(Connection connection, TlsLimits limits) {
    try (Deadline deadline = new Deadline(limits.handshake(), connection::close)) {
      try {
        return Hello.read(connection);
      } catch (NaruException e) {
        if (deadline.expired()) {
          throw new NaruException(
              ErrorCode.UNAVAILABLE, connection + " did not say in time what it wants", e);
        }
        throw e;
      }
    }
  }

  /** Where it listens, with the port that the kernel chose if it was 0. */
  public TcpAddress address() {
    return listener.address();
  }

  @Override
  public void close() {
    listener.close();
  }
}

package io.naru.channel;

import io.naru.channel.frame.JsonLines;
import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection that carries JSON lines. One thread may read while others write; {@link #close} from
 * any thread ends a read that waits.
 */
public final class Connection implements AutoCloseable {
  /** What a connection does differently according to its kind of socket. */
  public interface Socket extends Closeable {
    /** After so long without a byte a read fails; zero for never. */
    void readTimeout(Duration timeout) throws IOException;
  }

  private final JsonLines lines;
  private final Peer peer;
  private final String description;
  private final Optional<IpAddress> remoteAddress;
  private final Socket socket;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param description what the other end is, for sentences: {@code /run/naru/agent.sock}
   * @param remoteAddress the other end's address if the connection crosses a network
   */
  public Connection(
      InputStream input,
      OutputStream output,
      Socket socket,
      Peer peer,
      String description,
      Optional<IpAddress> remoteAddress) {
    this.lines = new JsonLines(input, output, description);
    this.socket = socket;
    this.peer = peer;
    this.description = description;
    this.remoteAddress = remoteAddress;
  }

  private Connection(Connection other, Peer peer, Optional<IpAddress> remoteAddress) {
    this.lines = other.lines;
    this.socket = other.socket;
    this.description = other.description;
    this.peer = peer;
    this.remoteAddress = remoteAddress;
  }

  /** The same connection, on behalf of someone else whom a trusted relay vouches for. */
  public Connection onBehalfOf(Peer other, Optional<IpAddress> from) {
    return new Connection(this, other, from);
  }

  public Peer peer() {
    return peer;
  }

  /** The other end's address if the connection crosses a network. */
  public Optional<IpAddress> remoteAddress() {
    return remoteAddress;
  }

  /** The lines; also gives the bytes beneath them. */
  public JsonLines lines() {
    return lines;
  }

  /** The next line as a value, or empty where the other end has closed. */
  public <T> Optional<T> read(Class<T> type) {
    return lines.read(type);
  }

  /** Sends a value as one line. */
  public void write(Object value) {
    lines.write(value);
  }

  /** After so long without a byte a read fails; zero for never. Unix sockets have no limit. */
  public void readTimeout(Duration timeout) {
    try {
      socket.readTimeout(timeout);
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "the connection to " + description + " is closed", e);
    }
  }

  public boolean isClosed() {
    return closed.get();
  }

  /** Closes both directions; a second call does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        socket.close();
      } catch (IOException alreadyGone) {
        // There is nobody left to tell.
      }
    }
  }

  @Override
  public String toString() {
    return description;
  }
}

package io.naru.channel;

import io.naru.core.error.NaruException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open connections of one listener, each with a virtual thread that serves it. */
public final class Connections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private final String name;
  private final ConnectionHandler handler;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public Connections(String name, ConnectionHandler handler) {
    this.name = name;
    this.handler = handler;
  }

  /** Serves a connection on a thread of its own and closes it afterwards. */
  public void serve(Connection connection) {
    Thread.ofVirtual().name("naru-serve-" + name).start(() -> serveHere(connection));
  }

  /** Serves a connection on this thread and closes it afterwards. */
  public void serveHere(Connection connection) {
    open.add(connection);
    try (connection) {
      if (!closed) {
        handler.handle(connection);
      }
    } catch (NaruException e) {
      LOG.debug("{} with {} ended: {}", name, connection, e.sentence());
    } catch (RuntimeException e) {
      LOG.error("{} with {} ended by a mistake in Naru", name, connection, e);
    } finally {
      open.remove(connection);
    }
  }

  /** Waits a moment before accepting again, as when file descriptors ran out. */
  public static boolean pause() {
    try {
      Thread.sleep(100);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Closes them all. */
  @Override
  public void close() {
    closed = true;
    open.forEach(Connection::close);
  }
}

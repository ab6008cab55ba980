package io.naru.dns.server;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a server. There is a bounded number in all and for each client. When all
 * places are taken the connection that was used longest ago makes room: however many clients open
 * connections and say nothing, one that asks is served.
 */
final class TcpConnections {
  private final int most;
  private final int mostOfClient;
  private final long patience;
  private final ServerCounters counters;

  /** The one used longest ago is first. */
  private final LinkedHashSet<TcpConnection> open = new LinkedHashSet<>();

  private final Map<InetAddress, Integer> byClient = new HashMap<>();

  TcpConnections(int most, int mostOfClient, Duration patience, ServerCounters counters) {
    this.most = most;
    this.mostOfClient = mostOfClient;
    this.patience = patience.toNanos();
    this.counters = counters;
  }

  /** When a step that begins now must be done. */
  long newDeadline() {
    return System.nanoTime() + patience;
  }

  /** Takes one in; false if its client has too many. */
  boolean add(TcpConnection connection) {
    TcpConnection displaced = null;
    synchronized (open) {
      if (byClient.getOrDefault(connection.client(), 0) >= mostOfClient) {
        counters.overloaded.increment();
        return false;
      }
      if (open.size() >= most) {
        displaced = first();
      }
      open.add(connection);
      byClient.merge(connection.client(), 1, Integer::sum);
    }
    if (displaced != null) {
      counters.overloaded.increment();
      displaced.close();
    }
    return true;
  }

  private @Nullable TcpConnection first() {
    Iterator<TcpConnection> all = open.iterator();
    if (!all.hasNext()) {
      return null;
    }
    TcpConnection first = all.next();
    remove(first);
    return first;
  }

  private void remove(TcpConnection connection) {
    if (open.remove(connection)) {
      byClient.computeIfPresent(
          connection.client(), (client, count) -> count == 1 ? null : count - 1);
    }
  }

  /** A connection begins to wait for its next question. */
  void used(TcpConnection connection) {
    synchronized (open) {
      if (open.remove(connection)) {
        open.add(connection);
      }
    }
  }

  void ended(TcpConnection connection) {
    synchronized (open) {
      remove(connection);
    }
  }

  /** Closes those that took too long. */
  void closeLate() {
    long now = System.nanoTime();
    List<TcpConnection> late;
    synchronized (open) {
      late = open.stream().filter(each -> now - each.deadline() > 0).toList();
    }
    late.forEach(TcpConnection::close);
  }

  /** Makes room when the process has no file descriptor left. */
  void closeOldest() {
    TcpConnection oldest;
    synchronized (open) {
      oldest = first();
    }
    if (oldest != null) {
      counters.overloaded.increment();
      oldest.close();
    }
  }

  void closeAll() {
    List<TcpConnection> all;
    synchronized (open) {
      all = new ArrayList<>(open);
    }
    all.forEach(TcpConnection::close);
  }

  int size() {
    synchronized (open) {
      return open.size();
    }
  }
}

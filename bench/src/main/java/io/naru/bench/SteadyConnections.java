package io.naru.bench;

import io.naru.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A client in a pod that makes one TCP connection after the other and waits for its first byte. */
final class SteadyConnections implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 1000;
  private static final Duration BETWEEN = Duration.ofMillis(2);

  private final Ends ends;
  private final int port;
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final Thread thread;

  private SteadyConnections(Ends ends, int port) {
    this.ends = ends;
    this.port = port;
    this.thread = Thread.ofPlatform().name("connections").unstarted(this::go);
  }

  static SteadyConnections start(Ends ends, int port) {
    SteadyConnections connections = new SteadyConnections(ends, port);
    connections.thread.start();
    return connections;
  }

  private void go() {
    try (NetworkNamespace pod = NetworkNamespace.open(ends.client())) {
      pod.run(
          () -> {
            while (!ending.get()) {
              once();
              Attempts.pause(BETWEEN);
            }
          });
    }
  }

  private void once() {
    try (Socket socket = new Socket()) {
      socket.setSoLinger(true, 0); // no end remembers it
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(ends.address(), port), PATIENCE_MILLIS);
      AtomicInteger counter = socket.getInputStream().read() >= 0 ? made : failed;
      counter.incrementAndGet();
    } catch (IOException notConnected) {
      failed.incrementAndGet();
    }
  }

  /** Those that came to be so far. */
  int made() {
    return made.get();
  }

  /** Those that were refused, or had no byte within a second. */
  int failed() {
    return failed.get();
  }

  /** Ends it; the last connection is counted by then. */
  void end() {
    ending.set(true);
    try {
      thread.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end();
  }
}

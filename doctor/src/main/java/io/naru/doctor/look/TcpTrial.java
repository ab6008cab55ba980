package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries TCP ports of an address: accepted or refused, either way packets arrive and come back. */
final class TcpTrial {
  private TcpTrial() {}

  /** One of the ports that answers, all tried at the same time; empty if none does. */
  static Optional<Integer> answered(IpAddress address, List<Integer> ports, Duration patience) {
    List<SocketChannel> channels = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      for (int port : ports) {
        SocketChannel channel = SocketChannel.open();
        channels.add(channel);
        channel.configureBlocking(false);
        if (isAnswered(
            () -> channel.connect(new InetSocketAddress(address.toInetAddress(), port)))) {
          return Optional.of(port);
        }
        if (channel.isConnectionPending()) {
          channel.register(selector, SelectionKey.OP_CONNECT, port);
        }
      }
      return firstOf(selector, System.nanoTime() + patience.toNanos());
    } catch (IOException noSocket) {
      return Optional.empty();
    } finally {
      channels.forEach(TcpTrial::close);
    }
  }

  private static Optional<Integer> firstOf(Selector selector, long end) throws IOException {
    long left = end - System.nanoTime();
    while (left > 0 && !selector.keys().isEmpty() && !Thread.currentThread().isInterrupted()) {
      int _ = selector.select(Math.max(1, left / 1_000_000));
      for (SelectionKey key : selector.selectedKeys()) {
        if (isAnswered(((SocketChannel) key.channel())::finishConnect)) {
          return Optional.of((Integer) key.attachment());
        }
        key.cancel();
      }
      selector.selectedKeys().clear();
      int _ = selector.selectNow(); // forgets those that were cancelled
      left = end - System.nanoTime();
    }
    return Optional.empty();
  }

  @FunctionalInterface
  private interface Attempt {
    boolean isConnected() throws IOException;
  }

  private static boolean isAnswered(Attempt attempt) {
    try {
      return attempt.isConnected();
    } catch (ConnectException refused) {
      return refused.getMessage() != null && refused.getMessage().contains("refused");
    } catch (IOException silence) {
      return false;
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException closed) {
      // It was only to be tried.
    }
  }
}

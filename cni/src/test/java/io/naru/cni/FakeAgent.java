package io.naru.cni;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A socket that answers each line with fixed bytes, or hangs up, or says nothing. */
final class FakeAgent implements AutoCloseable {
  private final Path path;
  private final ServerSocketChannel server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> silent = new CopyOnWriteArrayList<>();

  /**
   * @param answer bytes for a request; an empty string hangs up, an empty Optional says nothing
   */
  FakeAgent(Path path, Function<String, Optional<String>> answer) {
    this.path = path;
    try {
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(() -> serve(answer));
  }

  private void serve(Function<String, Optional<String>> answer) {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        BufferedReader lines =
            new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        String request = lines.readLine();
        requests.add(request == null ? "" : request);
        Optional<String> reply = answer.apply(request);
        if (reply.isEmpty()) {
          silent.add(channel);
          continue;
        }
        try (channel) {
          ByteBuffer bytes = StandardCharsets.UTF_8.encode(reply.get());
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        } catch (IOException hungUp) {
          // A program that had enough of the answer hangs up.
        }
      }
    } catch (ClosedChannelException closed) {
      // The test is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> requests() {
    return requests;
  }

  String path() {
    return path.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel channel : silent) {
      channel.close();
    }
    Files.deleteIfExists(path);
  }
}

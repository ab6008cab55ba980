package io.naru.channel.unix;

import io.naru.channel.Connection;
import io.naru.channel.Peer;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Connects to a program of this host. */
public final class UnixClient {
  /** Length of {@code sun_path} without its closing zero ({@code linux/un.h}). */
  static final int LONGEST_PATH = 107;

  private UnixClient() {}

  /**
   * Connects.
   *
   * @param whatToDo clause for the error where nobody answers: {@code start it with: naru agent}
   * @throws NaruException UNAVAILABLE if nobody answers, NOT_PERMITTED without the right to open it
   */
  public static Connection connect(Path socket, String whatToDo) {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(checked(socket)));
      return connection(channel, socket);
    } catch (IOException e) {
      closeQuietly(channel);
      if (Files.exists(socket) && !Files.isWritable(socket)) {
        throw new NaruException(
            ErrorCode.NOT_PERMITTED,
            "you may not open " + socket + "; run this as the user who owns it, usually root",
            e);
      }
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "nobody answers on " + socket + "; " + whatToDo, e);
    }
  }

  static Connection connection(SocketChannel channel, Path socket) {
    return new Connection(
        Channels.newInputStream(channel),
        Channels.newOutputStream(channel),
        new Connection.Socket() {
          @Override
          public void readTimeout(Duration timeout) {
            // The kernel tells at once when a program of this host is gone.
          }

          @Override
          public void close() throws IOException {
            channel.close();
          }
        },
        new Peer.Local(),
        socket.toString(),
        Optional.empty());
  }

  static Path checked(Path socket) {
    if (socket.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "the path "
              + socket
              + " is too long for a socket: Linux allows "
              + LONGEST_PATH
              + " bytes");
    }
    return socket;
  }

  private static void closeQuietly(
      java.nio.channels.@org.jspecify.annotations.Nullable Channel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException alreadyGone) {
        // The connection was never made.
      }
    }
  }
}

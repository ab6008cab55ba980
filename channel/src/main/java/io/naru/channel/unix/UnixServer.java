package io.naru.channel.unix;

import io.naru.channel.Connection;
import io.naru.channel.ConnectionHandler;
import io.naru.channel.Connections;
import io.naru.channel.file.PrivateFile;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on a unix socket of mode 0600 and serves each connection on a virtual thread. */
public final class UnixServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UnixServer.class);

  /** A runtime may start hundreds of pods at once, each with a connection of its own. */
  private static final int BACKLOG = 1024;

  private final Path socket;
  private final ServerSocketChannel server;
  private final @Nullable Object fileKey;
  private final Connections connections;

  private UnixServer(
      Path socket,
      ServerSocketChannel server,
      @Nullable Object fileKey,
      ConnectionHandler handler) {
    this.socket = socket;
    this.server = server;
    this.fileKey = fileKey;
    this.connections = new Connections(socket.getFileName().toString(), handler);
  }

  /**
   * Starts to listen. A socket file that nobody answers on is replaced.
   *
   * @throws NaruException CONFLICT if someone answers there already
   */
  public static UnixServer start(Path socket, ConnectionHandler handler) {
    Path directory = socket.toAbsolutePath().getParent();
    if (directory == null) {
      throw new NaruException(ErrorCode.BAD_INPUT, socket + " is not a file in a directory");
    }
    UnixClient.checked(socket);
    try {
      if (!Files.isDirectory(directory)) {
        PrivateFile.directory(directory);
      }
      try (FileChannel lockFile =
              FileChannel.open(
                  directory.resolve("." + socket.getFileName() + ".lock"),
                  EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rw-------")));
          FileLock lock = lockFile.lock()) {
        LOG.debug("{} is ours to make: {}", socket, lock.isValid());
        refuseIfAnswered(socket);
        return bound(socket, handler);
      }
    } catch (OverlappingFileLockException e) {
      throw new NaruException(
          ErrorCode.CONFLICT, socket + " is being made by another part of this program", e);
    } catch (IOException e) {
      throw PrivateFile.failed("listening on " + socket, e);
    }
  }

  private static void refuseIfAnswered(Path socket) {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException nobody) {
      return;
    }
    throw new NaruException(
        ErrorCode.CONFLICT,
        "another program already answers on "
            + socket
            + "; stop it first, or find it with: ss -xlp src "
            + socket);
  }

  /** Where the socket of that path is made; held under the lock of {@link #start}. */
  public static Path nursery(Path socket) {
    return socket.resolveSibling("." + socket.getFileName() + ".new");
  }

  /**
   * Between bind and chmod a socket has the mode the umask leaves, so it is made in a directory
   * nobody else may enter and moved to its place when its mode is right.
   */
  private static UnixServer bound(Path socket, ConnectionHandler handler) throws IOException {
    Path nursery = nursery(socket);
    Path unborn = UnixClient.checked(nursery.resolve("s"));
    // Of a program that was killed just then; nobody else makes this socket while we have its lock.
    Files.deleteIfExists(unborn);
    Files.deleteIfExists(nursery);
    Files.createDirectory(
        nursery,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(unborn), BACKLOG);
      Files.setPosixFilePermissions(unborn, PosixFilePermissions.fromString("rw-------"));
      Object key = Files.readAttributes(unborn, BasicFileAttributes.class).fileKey();
      UnixServer made = new UnixServer(socket, server, key, handler);
      Files.move(
          unborn, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Thread.ofVirtual().name("naru-accept-" + socket.getFileName()).start(made::accept);
      return made;
    } catch (IOException | RuntimeException e) {
      server.close();
      Files.deleteIfExists(unborn);
      throw e;
    } finally {
      Files.deleteIfExists(nursery);
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        Connection connection = UnixClient.connection(channel, socket);
        connections.serve(connection);
      } catch (AsynchronousCloseException closing) {
        return;
      } catch (ClosedChannelException closing) {
        return;
      } catch (IOException e) {
        LOG.warn("{} could not accept a connection: {}", socket, e.getMessage());
        if (!Connections.pause()) {
          return;
        }
      }
    }
  }

  /** Where it listens. */
  public Path socket() {
    return socket;
  }

  /** Stops listening, closes the connections, and removes the socket file if it is still ours. */
  @Override
  public void close() {
    try {
      server.close();
      Object there = Files.readAttributes(socket, BasicFileAttributes.class).fileKey();
      if (fileKey != null && fileKey.equals(there)) {
        Files.deleteIfExists(socket);
      }
    } catch (NoSuchFileException gone) {
      LOG.debug("{} was removed by someone else", socket);
    } catch (IOException e) {
      LOG.warn("{} could not be removed: {}", socket, e.getMessage());
    } finally {
      connections.close();
    }
  }
}

package io.naru.channel.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.naru.channel.Connection;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixServerTest {
  @TempDir private Path directory;
  private Path socket;

  @BeforeEach
  void choosePath() {
    socket = directory.resolve("a.sock");
  }

  private static void echo(Connection connection) {
    connection.lines().readLine().ifPresent(connection.lines()::writeLine);
  }

  private NaruException refusedConnection() {
    return catchThrowableOfType(
        NaruException.class, () -> UnixClient.connect(socket, "start it with: naru agent").close());
  }

  @Test
  void onlyItsOwnerMayOpenItAndNothingElseIsLeft() throws Exception {
    try (UnixServer server = UnixServer.start(socket, UnixServerTest::echo)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.socket())))
          .isEqualTo("rw-------");
      try (Connection connection = UnixClient.connect(socket, "")) {
        connection.write(Map.of("a", 1));
        assertThat(connection.lines().readLine()).contains("{\"a\":1}");
        assertThat(connection.lines().readLine()).isEmpty();
      }
    }
    try (var files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly(".a.sock.lock");
    }
  }

  @Test
  void whatAKilledProgramLeftInTheMiddleOfItsStartIsGone() throws Exception {
    Path nursery = Files.createDirectory(UnixServer.nursery(socket));
    ServerSocketChannel unborn = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    unborn.bind(UnixDomainSocketAddress.of(nursery.resolve("s")));
    unborn.close();
    Path anothers = Files.createDirectory(UnixServer.nursery(directory.resolve("b.sock")));
    try (UnixServer server = UnixServer.start(socket, UnixServerTest::echo)) {
      UnixClient.connect(server.socket(), "").close();
      assertThat(nursery).doesNotExist();
      assertThat(anothers).exists();
    }
  }

  @Test
  void nobodyThereIsSaid() {
    assertThat(refusedConnection())
        .returns(ErrorCode.UNAVAILABLE, NaruException::code)
        .hasMessage("nobody answers on " + socket + "; start it with: naru agent");
  }

  @Test
  void aSocketNobodyAnswersOnIsReplaced() throws Exception {
    ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    dead.bind(UnixDomainSocketAddress.of(socket));
    dead.close();
    assertThat(socket).exists();
    try (UnixServer server = UnixServer.start(socket, UnixServerTest::echo)) {
      UnixClient.connect(server.socket(), "").close();
    }
  }

  @Test
  void aSocketSomeoneAnswersOnIsLeftAlone() {
    try (UnixServer first = UnixServer.start(socket, UnixServerTest::echo)) {
      NaruException refused =
          catchThrowableOfType(
              NaruException.class, () -> UnixServer.start(socket, UnixServerTest::echo).close());
      assertThat(refused)
          .returns(ErrorCode.CONFLICT, NaruException::code)
          .hasMessageContaining("ss -xlp");
      UnixClient.connect(first.socket(), "").close();
    }
  }

  @Test
  void closingEndsAReadThatWaits() {
    AtomicInteger serving = new AtomicInteger();
    UnixServer server =
        UnixServer.start(
            socket,
            connection -> {
              serving.incrementAndGet();
              try {
                connection.lines().readLine();
              } finally {
                serving.decrementAndGet();
              }
            });
    try (server;
        Connection connection = UnixClient.connect(socket, "")) {
      await().until(() -> serving.get() == 1);
      server.close();
      await().until(() -> serving.get() == 0);
      assertThat(connection.lines().readLine()).isEmpty();
    }
  }

  @Test
  void bothDirectionsFlowAtOnce() {
    try (UnixServer server =
            UnixServer.start(
                socket,
                connection -> {
                  connection.write("ready");
                  echo(connection);
                });
        Connection connection = UnixClient.connect(server.socket(), "")) {
      Thread reader = Thread.ofVirtual().start(() -> connection.lines().readLine());
      await().until(() -> !reader.isAlive());
      AtomicInteger read = new AtomicInteger();
      Thread.ofVirtual()
          .start(() -> connection.lines().readLine().ifPresent(line -> read.incrementAndGet()));
      // Writes while the other thread waits in a read.
      connection.write("x");
      await().until(() -> read.get() == 1);
    }
  }
}

package io.naru.store.service;

import io.naru.channel.Connection;
import io.naru.channel.Hello;
import io.naru.channel.HelloHandler;
import io.naru.channel.unix.UnixClient;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes connections for the store, which an agent's port took, on to the server's socket on the
 * same host: first who is behind it, then its hello, then byte for byte.
 */
public final class StoreRelay implements HelloHandler {
  private static final Logger LOG = LoggerFactory.getLogger(StoreRelay.class);

  private final Path socket;

  /**
   * @param socket the server's
   */
  public StoreRelay(Path socket) {
    this.socket = socket;
  }

  @Override
  public void handle(Hello hello, Connection outside) {
    Connection server;
    try {
      server = UnixClient.connect(socket, "no store runs on this host; start it with: naru server");
    } catch (NaruException e) {
      outside.write(StoreMessage.refusal(e));
      return;
    }
    try (server) {
      server.write(RelayedPeer.of(outside));
      hello.send(server);
      Thread.ofVirtual()
          .name("naru-relay")
          .start(() -> copy(server.lines().input(), outside.lines().output(), outside));
      copy(outside.lines().input(), server.lines().output(), server);
    }
  }

  /** Copies to the end of the one, then closes the other. */
  private static void copy(InputStream from, OutputStream to, Connection target) {
    try (target) {
      byte[] buffer = new byte[16384];
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        to.write(buffer, 0, count);
        to.flush();
      }
    } catch (IOException ended) {
      LOG.debug("a relayed connection ended: {}", ended.getMessage());
    }
  }
}

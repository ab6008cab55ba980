package io.naru.agent.node;

import io.naru.channel.identity.CurrentIdentity;
import io.naru.channel.identity.NodeIdentity;
import io.naru.core.error.NaruException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the node's certificate from running out: looks at it now and then, has the store issue a
 * new one for the same key in good time, saves it, and lets the handshakes that follow show it.
 */
final class CertificateRenewal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofHours(6);

  /** A host that was off for long may have little time left when the store does not answer. */
  private static final Duration AFTER_A_FAILURE = Duration.ofMinutes(10);

  private final CurrentIdentity current;
  private final Path directory;
  private final UnaryOperator<NodeIdentity> store;
  private final InstantSource clock;
  private final Pause pause;
  private final Thread thread;

  /** How to wait. */
  @FunctionalInterface
  interface Pause {
    void last(Duration duration) throws InterruptedException;
  }

  private CertificateRenewal(
      CurrentIdentity current,
      Path directory,
      UnaryOperator<NodeIdentity> store,
      InstantSource clock,
      Pause pause) {
    this.current = current;
    this.directory = directory;
    this.store = store;
    this.clock = clock;
    this.pause = pause;
    this.thread = Thread.ofVirtual().name("naru-certificate").unstarted(this::keepLooking);
  }

  /**
   * Looks at once, and then every six hours.
   *
   * @param directory where the identity is kept
   * @param store gives an identity a new certificate
   */
  static CertificateRenewal start(
      CurrentIdentity current, Path directory, UnaryOperator<NodeIdentity> store) {
    return start(current, directory, store, InstantSource.system(), Thread::sleep);
  }

  static CertificateRenewal start(
      CurrentIdentity current,
      Path directory,
      UnaryOperator<NodeIdentity> store,
      InstantSource clock,
      Pause pause) {
    CertificateRenewal renewal = new CertificateRenewal(current, directory, store, clock, pause);
    renewal.thread.start();
    return renewal;
  }

  private void keepLooking() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        pause.last(look() ? BETWEEN_LOOKS : AFTER_A_FAILURE);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the certificate is good for now. */
  private boolean look() {
    NodeIdentity old = current.get();
    if (!old.renewalIsDue(clock.instant())) {
      return true;
    }
    try {
      NodeIdentity renewed = store.apply(old);
      // First to the disk: after a restart nothing older may be shown than before it.
      renewed.save(directory);
      current.replace(renewed);
      LOG.info("the certificate was renewed, and is valid until {}", renewed.expires());
      return true;
    } catch (RuntimeException failed) {
      tell(old, failed);
      return false;
    }
  }

  private void tell(NodeIdentity old, RuntimeException failed) {
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    String why = failed instanceof NaruException named ? named.sentence() : failed.toString();
    if (clock.instant().isAfter(old.expires())) {
      LOG.error(
          "the certificate expired at {} and no peer accepts it any more; it could not be renewed"
              + " ({}). Type on the server's host: naru node rm {}, and here: naru clean, then naru"
              + " agent --join TOKEN",
          old.expires(),
          why,
          old.name());
    } else {
      LOG.warn("the certificate, valid until {}, could not be renewed yet: {}", old.expires(), why);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}

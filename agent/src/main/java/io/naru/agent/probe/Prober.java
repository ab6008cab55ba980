package io.naru.agent.probe;

import io.naru.core.address.IpAddress;
import io.naru.core.desired.NodeView;
import io.naru.core.error.NaruException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the probes that are due, lets the peers know what arrived, judges, and opens the taps while
 * any path is in doubt.
 */
public final class Prober implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
  private static final Duration EXCHANGE = Duration.ofMillis(250);

  private final PathBook book;
  private final ReportExchange channels;
  private final Notices notices;
  private final ProbeSockets sockets;
  private final ProbeTaps taps;
  private final Thread thread;
  private volatile Optional<NodeView> view = Optional.empty();
  private volatile List<JudgedPath> judged = List.of();
  private volatile boolean closed;

  public Prober(PathBook book, ReportExchange channels, Notices notices) {
    this.book = book;
    this.channels = channels;
    this.notices = notices;
    this.sockets = new ProbeSockets(book::delivered);
    this.taps = new ProbeTaps(book::tapped);
    this.thread = Thread.ofPlatform().name("naru-prober").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Takes over what the node knows of the cluster now. */
  public void update(NodeView now) {
    view = Optional.of(now);
    book.update(now);
  }

  /** The newest verdicts. */
  public List<JudgedPath> judged() {
    return judged;
  }

  private void run() {
    long nextExchange = System.nanoTime();
    while (!closed) {
      try {
        view.ifPresent(this::listen);
        if (book.lateness().round()) {
          LOG.warn(
              "this host has more to do than it can: probes leave late, and no path is examined for a while");
        }
        sendDue();
        if (System.nanoTime() - nextExchange >= 0) {
          nextExchange = System.nanoTime() + EXCHANGE.toNanos();
          exchange();
        }
      } catch (RuntimeException mistake) {
        LOG.error("a round of probes failed by a mistake in Naru; the next one follows", mistake);
      }
      try {
        Thread.sleep(Lateness.ROUND);
      } catch (InterruptedException end) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void listen(NodeView now) {
    Set<IpAddress> addresses = new HashSet<>();
    now.self().podCidrs().forEach(cidr -> addresses.add(NodeView.gateway(cidr).address()));
    sockets.listenOn(addresses);
  }

  private void sendDue() {
    for (OutgoingProbe probe : book.due()) {
      // Counted before it leaves: its acknowledgement may be faster than this thread.
      book.sent(probe.packet());
      try {
        sockets.send(probe);
      } catch (NaruException refused) {
        book.refused(probe.packet(), refused.sentence());
      }
    }
  }

  private void exchange() {
    judged = book.judge(Instant.now());
    view.ifPresent(
        now -> {
          if (book.isInDoubt()) {
            taps.open(now.underlay().interfaceName(), now.configuration().vxlanPort());
          } else {
            taps.close();
          }
        });
    book.watching(taps.areOpen());
    channels.exchange();
    if (!book.lateness().isLate()) {
      notices.publish(book.wantedNotices());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
    sockets.close();
    taps.close();
    notices.close();
  }
}

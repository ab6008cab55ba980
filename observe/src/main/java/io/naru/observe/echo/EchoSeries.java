package io.naru.observe.echo;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.linux.socket.EchoSocket;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;

/**
 * Echo requests from one source to one target, small ones and such of full size, and which of them
 * were answered. Small requests have even numbers, full ones odd.
 */
public final class EchoSeries implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** A small request's IP packet, in bytes: as small as a ping's. */
  public static final int SMALL = 84;

  private static final int ICMP_HEADER = 8;

  private final EchoSocket socket;
  private final IpAddress target;
  private final int run;
  private final int identifier;
  private final int fullSize;
  private final BitSet answers = new BitSet();
  private int smallSent;
  private int fullSent;
  private Optional<String> refusal = Optional.empty();
  private volatile boolean closed;

  private EchoSeries(EchoSocket socket, IpAddress target, int run, int identifier, int fullSize) {
    this.socket = socket;
    this.target = target;
    this.run = run;
    this.identifier = identifier & 0xffff;
    this.fullSize = fullSize;
  }

  /**
   * Opens a series in the calling thread's network namespace.
   *
   * @param source its source address; unspecified lets routing choose
   * @param run the run's number, which taps see
   * @param identifier 16 bits, of this series alone
   * @param fullSize length in bytes of the large IP packets
   */
  public static EchoSeries open(
      IpAddress source, IpAddress target, int run, int identifier, int fullSize) {
    EchoSeries series =
        new EchoSeries(EchoSocket.openProbing(source), target, run, identifier, fullSize);
    Thread.ofPlatform().daemon().name("naru-answers").start(series::listen);
    return series;
  }

  private void listen() {
    while (!closed) {
      try {
        socket.receive(POLL).ifPresent(this::note);
      } catch (NaruException ended) {
        return;
      }
    }
  }

  private synchronized void note(EchoSocket.Answer answer) {
    if (answer.identifier() == identifier && answer.source().equals(target)) {
      answers.set(answer.sequence());
    }
  }

  /** Sends a small request. */
  public synchronized void sendSmall() {
    send(2 * smallSent, false, SMALL);
    smallSent++;
  }

  /** Sends a request of full size. */
  public synchronized void sendFull() {
    send(2 * fullSent + 1, true, fullSize);
    fullSent++;
  }

  /** Sends one of another size, under a number of its own. */
  public synchronized void sendSized(int sequence, int size) {
    send(sequence, false, size);
  }

  private void send(int sequence, boolean full, int size) {
    int header = (target.isIpv4() ? 20 : 40) + ICMP_HEADER;
    try {
      socket.send(
          target, identifier, sequence & 0xffff, new EchoPayload(run, full).bytes(size - header));
    } catch (NaruException refused) {
      refusal = Optional.of(refused.sentence());
    }
  }

  /** Whether the request of that number was answered. */
  public synchronized boolean isAnswered(int sequence) {
    return answers.get(sequence);
  }

  public synchronized int smallSent() {
    return smallSent;
  }

  public synchronized int fullSent() {
    return fullSent;
  }

  public synchronized int smallAnswered() {
    return (int) answers.stream().filter(n -> n % 2 == 0 && n < 2 * smallSent).count();
  }

  public synchronized int fullAnswered() {
    return (int) answers.stream().filter(n -> n % 2 == 1 && n < 2 * fullSent).count();
  }

  /** Why this host's kernel did not send the last one that it refused. */
  public synchronized Optional<String> refusal() {
    return refusal;
  }

  @Override
  public void close() {
    closed = true;
    socket.close();
  }
}

package io.naru.dns.server;

import io.naru.core.address.IpAddress;
import io.naru.dns.message.Answer;
import io.naru.dns.message.Known;
import io.naru.dns.server.Incoming.Request;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** What all listeners of a server share: who may ask, who answers, how much at a time. */
final class Access implements AutoCloseable {
  private final Predicate<IpAddress> mayAsk;
  private final Responder responder;
  private final ServerCounters counters;
  private final LongSupplier clock;
  private final Semaphore waiting;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("naru-dns-answer").factory());

  Access(
      Predicate<IpAddress> mayAsk,
      Responder responder,
      ServerCounters counters,
      LongSupplier clock,
      int mostWaiting) {
    this.mayAsk = mayAsk;
    this.responder = responder;
    this.counters = counters;
    this.clock = clock;
    this.waiting = new Semaphore(mostWaiting);
  }

  Responder responder() {
    return responder;
  }

  ServerCounters counters() {
    return counters;
  }

  /** Nanoseconds that never go back. */
  LongSupplier clock() {
    return clock;
  }

  boolean mayAsk(InetAddress asker) {
    return mayAsk.test(IpAddress.of(asker));
  }

  /** Runs a task on a virtual thread, or tells that too many wait. */
  boolean later(Runnable task) {
    if (!waiting.tryAcquire()) {
      counters.overloaded.increment();
      return false;
    }
    try {
      threads.execute(
          () -> {
            try {
              task.run();
            } finally {
              waiting.release();
            }
          });
      return true;
    } catch (RejectedExecutionException closed) {
      waiting.release();
      return false;
    }
  }

  /** The answer to a question, whoever has to be asked, in so many bytes; may wait. */
  byte[] find(Request request, int size) {
    Known found = responder.find(request.question());
    counters.answered(found.origin());
    return Outgoing.message(request, found.answer(), turn(found.answer(), request), size);
  }

  /** Which of an answer's addresses comes first, by chance. */
  int turn(Answer answer, Request request) {
    int turns = Outgoing.turns(answer, request.question().type());
    return turns == 1 ? 0 : ThreadLocalRandom.current().nextInt(turns);
  }

  static StandardProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

package io.naru.dns.upstream;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.dns.message.Answer;
import io.naru.dns.message.Question;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Rcode;

/**
 * Asks other resolvers, one after the other until one answers. The same question is asked once
 * however many want to know, and a bounded number of questions is under way. Waits on virtual
 * threads; its sockets are opened there, so they are in the network namespace of the process.
 */
public final class Resolver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

  /** Milliseconds that one resolver gets in each round. Clients themselves give up after 5 s. */
  private static final List<Long> ROUNDS = List.of(800L, 1600L);

  private static final long ALTOGETHER = 4_500_000_000L;

  private final List<Upstream> upstreams;
  private final BiConsumer<Question, Optional<Answer>> heard;
  private final ConcurrentMap<Question, CompletableFuture<Answer>> underWay =
      new ConcurrentHashMap<>();
  private final Semaphore places;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("naru-dns-ask").factory());
  private final LongAdder failures = new LongAdder();

  /**
   * A resolver.
   *
   * @param addresses in the order in which they are asked
   * @param mostUnderWay questions asked at a time
   * @param heard is told once of each question's answer, or that there was none, before anybody who
   *     waits for it
   */
  public Resolver(
      List<UpstreamAddress> addresses,
      int mostUnderWay,
      BiConsumer<Question, Optional<Answer>> heard) {
    this.heard = heard;
    Random random = new SecureRandom();
    this.upstreams = addresses.stream().map(each -> new Upstream(each, random)).toList();
    this.places = new Semaphore(mostUnderWay);
  }

  /** Whether there is anybody to ask. */
  public boolean isEmpty() {
    return upstreams.isEmpty();
  }

  /** How often an upstream did not answer, or with a failure. */
  public long failures() {
    return failures.sum();
  }

  /**
   * Asks.
   *
   * @return what will be the answer, or fails with a {@link NaruException} of {@link
   *     ErrorCode#UNAVAILABLE} when nobody answers, or {@link ErrorCode#EXHAUSTED} when too many
   *     questions are under way
   */
  public CompletableFuture<Answer> ask(Question question) {
    CompletableFuture<Answer> mine = new CompletableFuture<>();
    CompletableFuture<Answer> other = underWay.putIfAbsent(question, mine);
    if (other != null) {
      return other;
    }
    if (!places.tryAcquire()) {
      underWay.remove(question, mine);
      mine.completeExceptionally(
          new NaruException(
              ErrorCode.EXHAUSTED, "too many DNS questions are under way; try again in a moment"));
      return mine;
    }
    try {
      threads.execute(() -> answer(question, mine));
    } catch (RejectedExecutionException closed) {
      places.release();
      underWay.remove(question, mine);
      mine.completeExceptionally(away(question));
    }
    return mine;
  }

  /** Asks, for the sake of whoever is told what is heard. */
  public void renew(Question question) {
    CompletableFuture<Answer> _ = ask(question);
  }

  private void answer(Question question, CompletableFuture<Answer> mine) {
    Optional<Answer> found = Optional.empty();
    RuntimeException failure = null;
    try {
      found = Optional.of(askEach(question));
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      // Whatever happened, who waits is told, and the next who asks begins anew.
      underWay.remove(question, mine);
      places.release();
      tell(question, found.filter(Resolver::isFinal));
      if (found.isPresent()) {
        mine.complete(found.get());
      } else {
        mine.completeExceptionally(failure == null ? away(question) : failure);
      }
    }
  }

  private void tell(Question question, Optional<Answer> answer) {
    try {
      heard.accept(question, answer);
    } catch (RuntimeException e) {
      LOG.warn("The answer to {} was not kept", question, e);
    }
  }

  private Answer askEach(Question question) {
    long deadline = System.nanoTime() + ALTOGETHER;
    Answer failed = null;
    for (long timeout : ROUNDS) {
      for (Upstream each : inOrder()) {
        if (deadline - System.nanoTime() < 0 || Thread.currentThread().isInterrupted()) {
          break;
        }
        Answer answer = ask(each, question, timeout);
        if (answer != null && isFinal(answer)) {
          return answer;
        }
        failed = answer == null ? failed : answer;
      }
      if (failed != null) {
        return Answer.failure(failed.rcode());
      }
    }
    throw away(question);
  }

  private @Nullable Answer ask(Upstream upstream, Question question, long timeout) {
    try {
      Answer answer = upstream.ask(question, timeout);
      if (!isFinal(answer)) {
        failures.increment();
      }
      return answer;
    } catch (IOException noAnswer) {
      failures.increment();
      LOG.debug("No answer from {} to {}: {}", upstream.address(), question, noAnswer.toString());
      return null;
    }
  }

  /** What another upstream would say too. */
  private static boolean isFinal(Answer answer) {
    return answer.rcode() == Rcode.NOERROR || answer.rcode() == Rcode.NXDOMAIN;
  }

  /** Those that did not answer a moment ago come last. */
  private List<Upstream> inOrder() {
    Map<Boolean, List<Upstream>> byAbsence =
        upstreams.stream().collect(Collectors.partitioningBy(Upstream::isAway));
    List<Upstream> order = new ArrayList<>(byAbsence.getOrDefault(false, List.of()));
    order.addAll(byAbsence.getOrDefault(true, List.of()));
    return order;
  }

  private NaruException away(Question question) {
    return new NaruException(
        ErrorCode.UNAVAILABLE,
        "no DNS server answers "
            + question
            + "; asked: "
            + (upstreams.isEmpty()
                ? "none is configured"
                : String.join(
                    ", ", upstreams.stream().map(each -> each.address().toString()).toList())));
  }

  /** Takes no more questions; those under way are answered. */
  public void retire() {
    threads.shutdown();
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}

package io.naru.agent.channel;

import io.naru.api.trace.TraceCall;
import io.naru.api.trace.TraceReply;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Questions to peers whose answers are still to come, and peers' questions to this agent. */
final class PeerQuestions {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** More of them at once are refused: a peer cannot keep this agent busy. */
  private static final int MOST_SERVED = 8;

  private record Asked(NodeName peer, CompletableFuture<TraceReply> reply) {}

  private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final Semaphore room = new Semaphore(MOST_SERVED);
  private volatile BiFunction<NodeName, TraceCall, TraceReply> server =
      (peer, call) -> TraceReply.failed("the agent is only starting; try again");

  /** Who answers peers' questions. */
  void serveBy(BiFunction<NodeName, TraceCall, TraceReply> answers) {
    server = answers;
  }

  /**
   * The peer's answer.
   *
   * @param send whether the question could be sent
   * @throws NaruException UNAVAILABLE where it could not, or no answer comes
   */
  TraceReply ask(NodeName peer, TraceCall call, Predicate<PeerQuestion> send) {
    long number = numbers.incrementAndGet();
    CompletableFuture<TraceReply> reply = new CompletableFuture<>();
    asked.put(number, new Asked(peer, reply));
    try {
      if (!send.test(new PeerQuestion(number, call))) {
        throw new NaruException(
            ErrorCode.UNAVAILABLE, "the channel to " + peer + "'s agent is closed");
      }
      return reply.get(patience(call).toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException silent) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, peer + "'s agent did not answer in time", silent);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new NaruException(ErrorCode.UNAVAILABLE, "the question was broken off", stop);
    } finally {
      asked.remove(number);
    }
  }

  private static Duration patience(TraceCall call) {
    return call.capture().map(order -> PATIENCE.plusSeconds(order.seconds())).orElse(PATIENCE);
  }

  /** A peer's answer came; only the one that was asked may give it. */
  void answered(NodeName peer, PeerAnswer answer) {
    Asked question = asked.get(answer.number());
    if (question != null && question.peer().equals(peer)) {
      question.reply().complete(answer.reply());
    }
  }

  /** Answers a peer, on a thread of its own. */
  void serve(NodeName peer, PeerQuestion question, Consumer<PeerAnswer> answer) {
    if (!room.tryAcquire()) {
      answer.accept(
          new PeerAnswer(question.number(), TraceReply.failed("too much is asked at once")));
      return;
    }
    Thread.ofVirtual()
        .name("naru-answer")
        .start(
            () -> {
              try {
                answer.accept(new PeerAnswer(question.number(), reply(peer, question)));
              } finally {
                room.release();
              }
            });
  }

  private TraceReply reply(NodeName peer, PeerQuestion question) {
    try {
      return server.apply(peer, question.call());
    } catch (NaruException refused) {
      return TraceReply.failed(refused.sentence());
    }
  }
}

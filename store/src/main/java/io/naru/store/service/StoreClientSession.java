package io.naru.store.service;

import io.naru.channel.Connection;
import io.naru.channel.Hello;
import io.naru.channel.frame.Json;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** One connection of a client: numbers its requests and hands out the answers. */
final class StoreClientSession implements AutoCloseable {
  /** The server is trusted with lines as long as the snapshot of a very large cluster. */
  private static final int MAXIMUM_LENGTH = 256 << 20;

  private final Connection connection;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private volatile boolean over;

  private StoreClientSession(Connection connection) {
    this.connection = connection;
  }

  /** Says hello and waits until the store lets us in. */
  static StoreClientSession open(Connection connection, String kind, Duration silence) {
    try {
      connection.lines().maximumLength(MAXIMUM_LENGTH);
      connection.readTimeout(silence);
      Hello.of(kind).send(connection);
      return switch (next(connection)) {
        case StoreMessage.Welcome _ -> new StoreClientSession(connection);
        case StoreMessage.Refusal refusal ->
            throw StoreMessage.exception(refusal.code(), refusal.message());
        default ->
            throw new NaruException(
                ErrorCode.MALFORMED, connection + " does not speak as a store does");
      };
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static StoreMessage next(Connection connection) {
    return connection
        .read(StoreMessage.class)
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.UNAVAILABLE,
                    "the store at " + connection + " closed the connection"));
  }

  /** Hands out answers, and what a watch gets to its taker, until the connection ends. */
  void read(Consumer<StoreMessage> watch) {
    try {
      while (true) {
        switch (next(connection)) {
          case StoreMessage.Answer answer ->
              take(answer.id()).ifPresent(it -> it.complete(answer.value()));
          case StoreMessage.Failure failure ->
              take(failure.id())
                  .ifPresent(
                      it ->
                          it.completeExceptionally(
                              StoreMessage.exception(failure.code(), failure.message())));
          case StoreMessage.Refusal refusal ->
              throw StoreMessage.exception(refusal.code(), refusal.message());
          case StoreMessage.Whole whole -> watch.accept(whole);
          case StoreMessage.Changes changes -> watch.accept(changes);
          case StoreMessage.Welcome _ -> {}
        }
      }
    } finally {
      close();
    }
  }

  private Optional<CompletableFuture<JsonNode>> take(long id) {
    return Optional.ofNullable(waiting.remove(id));
  }

  /** Sends a request; the future is cancelled if the connection ends before the answer. */
  CompletableFuture<JsonNode> send(StoreRequest request) {
    long id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    connection.lines().writeLine(Json.write(new StoreRequest.Numbered(id, request)));
    if (over) {
      answer.cancel(false);
    }
    return answer;
  }

  /** Sends a request whose answer says nothing. */
  void tell(StoreRequest request) {
    connection.write(new StoreRequest.Numbered(ids.incrementAndGet(), request));
  }

  /** The answer to a request, which {@link #read} hands out on another thread. */
  static JsonNode await(CompletableFuture<JsonNode> answer, Duration limit) {
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "the store did not answer in " + limit.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NaruException(ErrorCode.UNAVAILABLE, "waiting for the store was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NaruException refused) {
        throw new NaruException(refused.code(), refused.sentence(), refused);
      }
      throw new NaruException(ErrorCode.INTERNAL, "the answer was lost", e);
    }
  }

  @Override
  public void close() {
    over = true;
    connection.close();
    waiting.values().forEach(it -> it.cancel(false));
    waiting.clear();
  }
}

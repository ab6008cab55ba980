package io.naru.store.service;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.naru.channel.frame.Json;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.ClusterSnapshot;
import io.naru.store.engine.Change;
import io.naru.store.state.StateEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What a store service sends. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StoreMessage.Welcome.class, name = "welcome"),
  @JsonSubTypes.Type(value = StoreMessage.Refusal.class, name = "refusal"),
  @JsonSubTypes.Type(value = StoreMessage.Answer.class, name = "answer"),
  @JsonSubTypes.Type(value = StoreMessage.Failure.class, name = "failure"),
  @JsonSubTypes.Type(value = StoreMessage.Whole.class, name = "whole"),
  @JsonSubTypes.Type(value = StoreMessage.Changes.class, name = "changes")
})
sealed interface StoreMessage {
  /** The client is let in. */
  record Welcome() implements StoreMessage {}

  /** The client is not let in, or no longer; the connection ends. */
  record Refusal(String code, String message) implements StoreMessage {
    public Refusal {
      Objects.requireNonNull(code, "code is missing");
      Objects.requireNonNull(message, "message is missing");
    }
  }

  record Answer(long id, JsonNode value) implements StoreMessage {
    public Answer {
      Objects.requireNonNull(value, "value is missing");
    }
  }

  record Failure(long id, String code, String message) implements StoreMessage {
    public Failure {
      Objects.requireNonNull(code, "code is missing");
      Objects.requireNonNull(message, "message is missing");
    }
  }

  /**
   * The whole state.
   *
   * @param epoch names the run of the server that counts its changes
   */
  record Whole(String epoch, ClusterSnapshot snapshot) implements StoreMessage {
    public Whole {
      Objects.requireNonNull(epoch, "epoch is missing");
      Objects.requireNonNull(snapshot, "snapshot is missing");
    }
  }

  /**
   * What changed since a revision that the client has.
   *
   * @param from that revision
   * @param revision the one the changes lead to
   */
  record Changes(long from, long revision, List<StateEvent.Shared> events) implements StoreMessage {
    public Changes {
      events = List.copyOf(events);
    }
  }

  /** A {@link Changes} as text, of changes that are text already. */
  static String changes(long from, long revision, List<Change> changes) {
    return "{\"type\":\"changes\",\"from\":"
        + from
        + ",\"revision\":"
        + revision
        + ",\"events\":["
        + changes.stream()
            .map(Change::eventsJson)
            .filter(json -> !json.isEmpty())
            .collect(Collectors.joining(","))
        + "]}";
  }

  static Refusal refusal(NaruException e) {
    return new Refusal(e.code().code(), e.sentence());
  }

  static Failure failure(long id, NaruException e) {
    return new Failure(id, e.code().code(), e.sentence());
  }

  static Answer answer(long id, Object value) {
    return new Answer(id, Json.leaf(value));
  }

  /** The exception that a code and a sentence came from. */
  static NaruException exception(String code, String message) {
    ErrorCode known =
        Arrays.stream(ErrorCode.values())
            .filter(it -> it.code().equals(code))
            .findFirst()
            .orElse(ErrorCode.INTERNAL);
    return new NaruException(known, message);
  }
}

package io.naru.agent.channel;

import io.naru.api.trace.TraceReply;
import java.util.Objects;

/** The answer to the question of that number. */
record PeerAnswer(long number, TraceReply reply) {
  PeerAnswer {
    Objects.requireNonNull(reply, "reply is missing");
  }
}

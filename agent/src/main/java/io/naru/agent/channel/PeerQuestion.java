package io.naru.agent.channel;

import io.naru.api.trace.TraceCall;
import java.util.Objects;

/** What one agent asks another, and the number by which it knows the answer. */
record PeerQuestion(long number, TraceCall call) {
  PeerQuestion {
    Objects.requireNonNull(call, "call is missing");
  }
}

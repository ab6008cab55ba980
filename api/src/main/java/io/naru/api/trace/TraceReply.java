package io.naru.api.trace;

import io.naru.core.trace.NodeCapture;
import io.naru.core.trace.NodeTrace;
import io.naru.core.trace.TraceEnd;
import java.util.Optional;

/**
 * An agent's answer to a {@link TraceCall}.
 *
 * @param place who a name is; absent where it is not known
 * @param trace what was seen
 * @param capture what was captured
 * @param failure why nothing was done, as a sentence
 */
public record TraceReply(
    Optional<TraceEnd> place,
    Optional<NodeTrace> trace,
    Optional<NodeCapture> capture,
    Optional<String> failure) {
  /** Nothing to say. */
  public static final TraceReply DONE =
      new TraceReply(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public static TraceReply of(NodeTrace trace) {
    return new TraceReply(Optional.empty(), Optional.of(trace), Optional.empty(), Optional.empty());
  }

  public static TraceReply of(Optional<TraceEnd> place) {
    return new TraceReply(place, Optional.empty(), Optional.empty(), Optional.empty());
  }

  public static TraceReply failed(String sentence) {
    return new TraceReply(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(sentence));
  }

  public static TraceReply of(NodeCapture capture) {
    return new TraceReply(
        Optional.empty(), Optional.empty(), Optional.of(capture), Optional.empty());
  }
}

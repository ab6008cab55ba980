package io.naru.api.trace;

import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.trace.NodeTrace;

/** An agent that can be asked about a trace, by whatever way. */
public interface TraceAgent {
  NodeName node();

  /**
   * Its answer.
   *
   * @throws NaruException where it cannot be asked, or refuses
   */
  TraceReply ask(TraceCall call);

  /** Its answer, where that is what it saw. */
  default NodeTrace trace(TraceCall call) {
    TraceReply reply = ask(call);
    return reply
        .trace()
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.UNAVAILABLE,
                    reply.failure().orElse(node() + "'s agent answered something else")));
  }
}

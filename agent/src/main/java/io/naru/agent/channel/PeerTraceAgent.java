package io.naru.agent.channel;

import io.naru.api.trace.TraceAgent;
import io.naru.api.trace.TraceCall;
import io.naru.api.trace.TraceReply;
import io.naru.core.cluster.NodeName;
import java.util.function.Function;

/** A peer's agent, asked over the channel. */
record PeerTraceAgent(NodeName node, Function<TraceCall, TraceReply> asking) implements TraceAgent {
  @Override
  public TraceReply ask(TraceCall call) {
    return asking.apply(call);
  }
}

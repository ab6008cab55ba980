package io.naru.agent.trace;

import io.naru.agent.channel.PeerChannels;
import io.naru.api.trace.CaptureRun;
import io.naru.api.trace.CaptureWish;
import io.naru.api.trace.TraceAgent;
import io.naru.api.trace.TraceCall;
import io.naru.api.trace.TraceReply;
import io.naru.api.trace.TraceRun;
import io.naru.api.trace.TraceWish;
import io.naru.core.trace.TraceEnd;
import io.naru.core.trace.TraceReport;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Traces that this node's root asks for, and this node's part in those of its peers. */
public final class Traces {
  private final Tracer tracer;
  private final PeerChannels channels;
  private final SecureRandom random = new SecureRandom();

  public Traces(Tracer tracer, PeerChannels channels) {
    this.tracer = tracer;
    this.channels = channels;
    channels.answerBy(tracer::askedByPeer);
  }

  /** This node's part alone. */
  public TraceReply ask(TraceCall call) {
    return tracer.ask(call);
  }

  /** All of a trace, together with the peers. */
  public TraceReport run(TraceWish wish) {
    return together().run(wish);
  }

  /** A capture of this node and a peer: of the peer's, headers alone. */
  public CaptureRun capture(CaptureWish wish) {
    return together().capture(wish);
  }

  /** Who a name is, here or at a peer. */
  public TraceEnd place(String name) {
    return together().place(name);
  }

  private TraceRun together() {
    List<TraceAgent> agents = new ArrayList<>();
    agents.add(tracer);
    agents.addAll(channels.agents());
    return new TraceRun(agents, () -> HexFormat.of().toHexDigits(random.nextLong()), List.of());
  }
}

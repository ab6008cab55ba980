package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.api.trace.CaptureRun;
import io.naru.api.trace.CaptureWish;
import io.naru.api.trace.TraceAgent;
import io.naru.api.trace.TraceCall;
import io.naru.api.trace.TraceReply;
import io.naru.api.trace.TraceRun;
import io.naru.api.trace.TraceWish;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.NaruException;
import io.naru.core.trace.TraceEnd;
import io.naru.core.trace.TraceReport;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Has a trace run: by this host's agent, or by all of a lab's. */
final class Tracing {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Tracing() {}

  private record Asked(NodeName node, AgentClient client) implements TraceAgent {
    @Override
    public TraceReply ask(TraceCall call) {
      return client.trace(call);
    }
  }

  static TraceReport run(AgentSource source, TraceWish wish) {
    return source.isLab() ? inLab(source).run(wish) : source.agents().getFirst().trace(wish);
  }

  /** Captures at both ends. */
  static CaptureRun capture(AgentSource source, CaptureWish wish) {
    return source.isLab() ? inLab(source).capture(wish) : source.agents().getFirst().capture(wish);
  }

  /** Who a name is. */
  static TraceEnd place(AgentSource source, String name) {
    return source.isLab() ? inLab(source).place(name) : source.agents().getFirst().place(name);
  }

  private static TraceRun inLab(AgentSource source) {
    List<TraceAgent> agents = new ArrayList<>();
    List<String> unasked = new ArrayList<>();
    for (AgentClient client : source.agents()) {
      try {
        agents.add(new Asked(new NodeName(client.status().node()), client));
      } catch (NaruException silent) {
        unasked.add(silent.sentence());
      }
    }
    return new TraceRun(agents, () -> HexFormat.of().toHexDigits(RANDOM.nextLong()), unasked);
  }
}

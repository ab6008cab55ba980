package io.naru.api.trace;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.trace.CaptureOrder;
import io.naru.core.trace.NodeTrace;
import io.naru.core.trace.ProbeKind;
import io.naru.core.trace.TraceEnd;
import io.naru.core.trace.TraceJudge;
import io.naru.core.trace.TraceOrder;
import io.naru.core.trace.TraceReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Runs a trace: arms the far end's taps, has the near end send, and collects what both saw. */
public final class TraceRun {
  private static final int PROBES = 3;

  private final Map<NodeName, TraceAgent> agents = new LinkedHashMap<>();
  private final Supplier<String> markers;
  private final List<String> unasked;

  /**
   * A run.
   *
   * @param agents that can be asked, those first that know most
   * @param markers makes random markers of 16 hexadecimal digits
   * @param unasked agents that cannot be asked, and why, a sentence each
   */
  public TraceRun(List<TraceAgent> agents, Supplier<String> markers, List<String> unasked) {
    agents.forEach(agent -> this.agents.putIfAbsent(agent.node(), agent));
    this.markers = markers;
    this.unasked = List.copyOf(unasked);
  }

  /**
   * The trace.
   *
   * @throws NaruException NOT_FOUND where a name is nobody's; BAD_INPUT where the wish makes no
   *     sense; UNAVAILABLE where the sender's agent cannot be asked
   */
  public TraceReport run(TraceWish wish) {
    TraceEnd from = place(wish.from());
    TraceEnd to = place(wish.to());
    TraceOrder order = order(wish, from, to);
    TraceAgent sender =
        from.node()
            .map(agents::get)
            .orElseThrow(
                () ->
                    new NaruException(
                        ErrorCode.UNAVAILABLE,
                        "the agent of "
                            + from.name()
                            + "'s node cannot be asked, and probes must come from there"
                            + because()));
    Optional<TraceAgent> other =
        order.isOnOneNode() ? Optional.empty() : to.node().map(agents::get);
    Seen seen = look(order, sender, other);
    TraceReport report = seen.report(order);
    if (!report.wouldRulesTell()) {
      return report;
    }
    // Something within a node: once more, and this time the packet filters say which rule it was.
    TraceOrder again = order.withRules(markers.get());
    Seen told = look(again, sender, other);
    return new Seen(
            seen.from().withDrops(told.from().drops()),
            seen.to()
                .map(node -> node.withDrops(told.to().map(NodeTrace::drops).orElse(List.of()))),
            seen.notWatched())
        .report(order);
  }

  /**
   * Has the nodes of both ends capture what passes between these.
   *
   * @throws NaruException as {@link #run}
   */
  public CaptureRun capture(CaptureWish wish) {
    TraceEnd from = place(wish.from());
    TraceEnd to = place(wish.to());
    return CaptureRun.of(
        new CaptureOrder(from, to, wish.seconds(), wish.packets(), CaptureOrder.MOST_BYTES),
        agents);
  }

  private record Seen(NodeTrace from, Optional<NodeTrace> to, List<String> notWatched) {
    TraceReport report(TraceOrder order) {
      return TraceJudge.of(order, from, to, notWatched);
    }
  }

  private Seen look(TraceOrder order, TraceAgent sender, Optional<TraceAgent> other) {
    List<String> notWatched = new ArrayList<>();
    if (!order.isOnOneNode() && other.isEmpty()) {
      notWatched.add(
          order
              .to()
              .node()
              .map(node -> node + ": its agent cannot be asked" + because())
              .orElse(order.to().name() + " is outside of the cluster: nobody watches there"));
    }
    boolean armed = other.filter(agent -> arm(agent, order, notWatched)).isPresent();
    NodeTrace from = sender.trace(TraceCall.toSend(order));
    Optional<NodeTrace> to = Optional.empty();
    if (armed) {
      try {
        to = other.map(a -> a.trace(TraceCall.toCollect(order.marker(), from.keys())));
      } catch (NaruException silent) {
        notWatched.add(silent.sentence());
      }
    }
    return new Seen(from, to, notWatched);
  }

  private static boolean arm(TraceAgent agent, TraceOrder order, List<String> notWatched) {
    try {
      Optional<String> failure = agent.ask(TraceCall.toArm(order)).failure();
      failure.ifPresent(sentence -> notWatched.add(agent.node() + ": " + sentence));
      return failure.isEmpty();
    } catch (NaruException silent) {
      notWatched.add(agent.node() + ": " + silent.sentence());
      return false;
    }
  }

  private String because() {
    return unasked.isEmpty() ? "" : ": " + String.join("; ", unasked);
  }

  /**
   * Who that is: the word of its own node's agent counts most, then any that knows a node.
   *
   * @throws NaruException NOT_FOUND where a name is nobody's; BAD_INPUT where it is not one's alone
   */
  public TraceEnd place(String name) {
    List<Future<TraceReply>> answers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (TraceAgent agent : agents.values()) {
        answers.add(threads.submit(() -> agent.ask(TraceCall.toPlace(name))));
      }
    }
    List<TraceEnd> own = new ArrayList<>();
    List<TraceEnd> known = new ArrayList<>();
    int i = 0;
    for (NodeName node : agents.keySet()) {
      Future<TraceReply> answer = answers.get(i++);
      if (answer.state() == Future.State.SUCCESS) {
        answer
            .resultNow()
            .place()
            .ifPresent(end -> (end.node().equals(Optional.of(node)) ? own : known).add(end));
      }
    }
    if (own.size() > 1) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'"
              + name
              + "' is on several nodes ("
              + String.join(", ", own.stream().map(end -> "" + end.node().orElseThrow()).toList())
              + "); use its address");
    }
    return own.stream()
        .findFirst()
        .or(() -> known.stream().filter(end -> end.node().isPresent()).findFirst())
        .or(() -> known.stream().findFirst())
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.NOT_FOUND,
                    "there is no pod and no node '"
                        + name
                        + "'; see naru pod list and naru node list"
                        + because()));
  }

  private TraceOrder order(TraceWish wish, TraceEnd from, TraceEnd to) {
    if (from.kind() == TraceEnd.Kind.OUTSIDE || from.kind() == TraceEnd.Kind.HOST) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          from.name() + " is no pod and no node of this cluster, so no probes can come from there");
    }
    IpFamily family =
        to.addresses().size() == 1
            ? to.addresses().getFirst().family()
            : wish.ipv6() ? IpFamily.IPV6 : IpFamily.IPV4;
    Optional<IpAddress> source = from.address(family);
    Optional<IpAddress> destination = to.address(family);
    if (source.isEmpty() && to.address(family.other()).isPresent() && !wish.ipv6()) {
      source = from.address(family.other());
      destination = to.address(family.other());
    }
    if (source.isEmpty() || destination.isEmpty()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          from.name()
              + " and "
              + to.name()
              + " have no addresses of one family: "
              + from.addresses()
              + " and "
              + to.addresses());
    }
    if (source.equals(destination)) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, from.name() + " and " + to.name() + " are the same");
    }
    return new TraceOrder(
        markers.get(),
        from,
        to,
        source.get(),
        destination.get(),
        wish.kind(),
        wish.kind() == ProbeKind.ECHO ? 0 : wish.port(),
        wish.size(),
        PROBES,
        false);
  }
}

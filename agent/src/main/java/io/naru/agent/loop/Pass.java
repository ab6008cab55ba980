package io.naru.agent.loop;

import io.naru.core.cluster.NodeName;
import io.naru.core.desired.NodeView;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.state.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The outcome of one pass of the loop.
 *
 * @param view what was known; empty while too little is known to want anything
 * @param plan what differed
 * @param failedOperations how many of the plan's operations the kernel refused
 * @param problems what could not be done, a sentence each; it is tried again
 * @param timing what it took
 * @param momentary whether the kernel refused something only because it had no room or no time
 * @param settings the values that were found or made, of all settings that matter
 */
public record Pass(
    Optional<NodeView> view,
    Plan plan,
    int failedOperations,
    List<String> problems,
    PassTiming timing,
    boolean momentary,
    Map<String, String> settings) {
  public Pass {
    problems = List.copyOf(problems);
    settings = Map.copyOf(settings);
  }

  /** A pass in which nothing was refused, and no setting looked at. */
  public Pass(
      Optional<NodeView> view,
      Plan plan,
      int failedOperations,
      List<String> problems,
      PassTiming timing) {
    this(view, plan, failedOperations, problems, timing, false, Map.of());
  }

  /** Before any pass. */
  public static final Pass NONE =
      new Pass(Optional.empty(), new Plan(List.of()), 0, List.of(), PassTiming.NONE);

  /**
   * What was known, for those who can do nothing without it.
   *
   * @throws NaruException UNAVAILABLE where that is too little, as the agent is only starting
   */
  public NodeView viewOf(NodeName self) {
    return view.orElseThrow(
        () ->
            new NaruException(
                ErrorCode.UNAVAILABLE, self + "'s agent is only starting; try again"));
  }

  /** The same with what else of the node is not as it should be. */
  public Pass alsoTelling(List<String> more) {
    return more.isEmpty()
        ? this
        : new Pass(
            view,
            plan,
            failedOperations,
            Stream.concat(problems.stream(), more.stream()).toList(),
            timing,
            momentary,
            settings);
  }

  /** A pass that did nothing, for that reason. */
  static Pass without(Optional<NodeView> view, String problem) {
    return new Pass(view, NONE.plan(), 0, List.of(problem), PassTiming.NONE);
  }
}

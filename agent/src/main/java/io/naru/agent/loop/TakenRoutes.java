package io.naru.agent.loop;

import io.naru.agent.kernel.KernelWriter;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.HostFacts;
import io.naru.core.desired.NodeView;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelState;
import io.naru.core.state.Operation;
import io.naru.core.state.Plan;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A route that was ours a moment ago and is not there any more may have been replaced by someone's
 * {@code ip route replace}, which leaves a route of theirs in its place: it is taken back. Where a
 * route of theirs was there first, it stays, and the kernel's refusal is told.
 */
final class TakenRoutes {
  private TakenRoutes() {}

  /**
   * The same plan, in which such routes replace whatever stands in their place.
   *
   * @param before what was known in the pass before
   * @param refused what that pass could not do
   */
  static Plan regained(
      Plan plan, Optional<NodeView> before, HostFacts facts, List<KernelWriter.Failure> refused) {
    boolean deviceWasRefused =
        refused.stream().anyMatch(f -> f.operation().entry() instanceof KernelEntry.TunnelDevice);
    if (before.isEmpty()
        || deviceWasRefused // so its routes never were ours, whatever was wanted
        || plan.operations().stream().noneMatch(TakenRoutes::isNewRoute)) {
      return plan;
    }
    KernelState had = DesiredState.of(before.get(), facts);
    Set<KernelEntry> never =
        refused.stream().map(failure -> failure.operation().entry()).collect(Collectors.toSet());
    return new Plan(
        plan.operations().stream()
            .map(
                operation ->
                    isNewRoute(operation)
                            && had.find(operation.entry().key())
                                .equals(Optional.of(operation.entry()))
                            && !never.contains(operation.entry())
                        ? new Operation.Put(operation.entry(), Optional.of(operation.entry()))
                        : operation)
            .toList());
  }

  private static boolean isNewRoute(Operation operation) {
    return operation instanceof Operation.Put(KernelEntry.RouteEntry route, var present)
        && present.isEmpty();
  }
}

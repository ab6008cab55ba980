package io.naru.cli.command;

import io.naru.core.path.PathState;
import io.naru.lab.fault.Expectation;
import io.naru.lab.fault.Expectation.Reach;
import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.fault.Fault;
import io.naru.lab.fault.ImpossibleFault;
import io.naru.lab.fault.Tap;
import java.util.List;
import java.util.Optional;

/**
 * A fault as {@code naru lab faults} shows it.
 *
 * @param possible whether a lab can make it
 * @param why if not: the reason
 * @param expected what an observer must find while it stands
 */
record FaultRow(
    String id,
    String place,
    String title,
    String description,
    boolean possible,
    Optional<String> why,
    List<Expected> expected) {
  /** One way of a pair; the taps are named for a fault from the node FROM to the node TO. */
  record Expected(
      Way way,
      PathState state,
      Optional<String> lastSeen,
      Optional<String> notSeen,
      Reach reach,
      Optional<String> transport) {
    static Expected of(Expectation expectation) {
      return new Expected(
          expectation.way(),
          expectation.state(),
          tap(expectation.way(), expectation.lastSeen()),
          tap(expectation.way(), expectation.notSeen()),
          expectation.reach(),
          expectation.transport());
    }

    private static Optional<String> tap(Way way, Optional<Tap> tap) {
      return tap.map(place -> place.on(way.of(FROM_TO)));
    }
  }

  private static final io.naru.core.diagnosis.NodePair FROM_TO =
      new io.naru.core.diagnosis.NodePair("FROM", "TO");

  static FaultRow of(Fault fault) {
    Optional<String> why =
        fault instanceof ImpossibleFault impossible
            ? Optional.of(impossible.why())
            : Optional.empty();
    return new FaultRow(
        fault.id(),
        fault.place().toString(),
        fault.title(),
        fault.description(),
        why.isEmpty(),
        why,
        fault.expected().stream().map(Expected::of).toList());
  }
}

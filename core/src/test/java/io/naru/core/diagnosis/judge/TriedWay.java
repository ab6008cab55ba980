package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.judge.ServiceCase.Trial;
import io.naru.core.trace.Outcome;
import io.naru.core.trace.TraceReport;
import java.util.List;
import java.util.Optional;

/** What a try of a service's port ended with. */
final class TriedWay {
  private TriedWay() {}

  /**
   * A try that ended so.
   *
   * @param node that has the address {@code to}
   */
  static Trial trial(String from, String to, String node, String protocol, Outcome outcome) {
    boolean lost = outcome == Outcome.LOST;
    return new Trial(
        from,
        from,
        to,
        protocol,
        8053,
        Optional.of(
            new TraceReport(
                from,
                to,
                Optional.of(from),
                Optional.of(node),
                "10.244.1.1",
                to,
                protocol,
                Optional.of(8053),
                3,
                0,
                0,
                outcome.toString(),
                "the outcome is " + outcome,
                lost ? Optional.of(from + "/nic") : Optional.empty(),
                lost ? Optional.of(node + "/nic") : Optional.empty(),
                true,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of())),
        Optional.empty(),
        Optional.empty());
  }
}

package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import io.naru.core.diagnosis.Trains.Limit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Packets far apart pass, the same in a burst do not. */
final class RateLimited implements Rule {
  @Override
  public Optional<Finding> explain(PathCase path) {
    if (!path.word().state().equals("degraded") || path.word().smallPass()) {
      return Optional.empty();
    }
    return path.trains().limit().map(limit -> finding(path, limit));
  }

  private static Finding finding(PathCase path, Limit limit) {
    String way = "from " + path.word().from() + " to " + path.word().to();
    String fault =
        switch (limit) {
          case PACKETS, BYTES -> "underlay-policed";
          case QUEUE -> "underlay-shaped";
        };
    String title =
        switch (limit) {
          case PACKETS -> "bursts of packets " + way + " get lost, however small they are";
          case BYTES -> "bursts of large packets " + way + " get lost";
          case QUEUE ->
              "large packets "
                  + way
                  + " queue up above "
                  + path.trains()
                      .megabits()
                      .map(rate -> String.format(Locale.ROOT, "about %.1f Mbit/s", rate))
                      .orElse("a rate");
        };
    String cure =
        switch (limit) {
          case PACKETS -> "raise the limit of packets a second, and its burst";
          case BYTES -> "raise the limit of bytes a second, and its burst";
          case QUEUE -> "raise the rate of the shaper";
        };
    return new Finding(
        fault,
        fault + " " + limit,
        title,
        Certainty.OBSERVED,
        path.trains().sentences(),
        List.of("a closed port, a hole for large packets: with time between them they pass"),
        List.of(),
        List.of(
            Remedy.judged(
                cure
                    + " between "
                    + path.word().from()
                    + " and "
                    + path.word().to()
                    + " (cloud: the instances' packet and bandwidth allowance)",
                "tc -s qdisc show dev "
                    + path.sender().map(node -> node.underlay()).orElse("eth0"))));
  }
}

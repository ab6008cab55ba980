package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Train;
import io.naru.core.diagnosis.Trains;
import io.naru.core.path.PathState;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Trains of packets meet trouble that single probes do not. */
final class TrainWords {
  private TrainWords() {}

  /** The case with what its trains add: a path that only looked well is degraded. */
  static PathCase counted(PathCase path) {
    Trains trains = path.trains();
    Optional<Train> worst = trains.worst();
    if (path.state() != PathState.HEALTHY
        || worst.isEmpty()
        || trains.limit().isEmpty() && !trains.isByFlow() && !trains.areLossy()) {
      return path;
    }
    PathWord word = path.word();
    List<String> place = worst.get().place();
    boolean lost = worst.get().lost() > 0;
    return new PathCase(
        new PathWord(
            word.from(),
            word.to(),
            word.transport(),
            word.chosen(),
            PathState.DEGRADED.toString(),
            String.format(
                Locale.ROOT, "loses up to %.0f %% of a train of packets", 100 * worst.get().loss()),
            false,
            lost ? Optional.of(place.getFirst()) : Optional.empty(),
            lost ? Optional.of(place.getLast()) : Optional.empty()),
        path.sender(),
        path.receiver());
  }
}

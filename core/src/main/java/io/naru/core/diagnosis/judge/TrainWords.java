package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.Finding.Place;
import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Train;
import io.naru.core.diagnosis.Trains;
import io.naru.core.path.PathState;
import java.util.Locale;
import java.util.Optional;

/** Trains of packets meet trouble that single probes do not. */
final class TrainWords {
  private TrainWords() {}

  /**
   * What there was, where it is over: probes of the last seconds were lost, and of all the packets
   * that were sent while somebody looked, none. Empty for every other path.
   */
  static Optional<String> over(PathCase path) {
    Trains trains = path.trains();
    PathWord word = path.word();
    // What is lost behind the last tap of a train shows in single probes alone.
    if (word.state() != PathState.DEGRADED
        || word.smallPass()
        || path.isLostAtReceiver()
        || !trains.loseNothing()) {
      return Optional.empty();
    }
    return Optional.of(
        "%s → %s (%s of the last seconds, and of %d packets now it lost none)"
            .formatted(word.from(), word.to(), word.reason(), trains.packets()));
  }

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
    Place place = worst.get().place();
    boolean lost = worst.get().lost() > 0;
    return new PathCase(
        new PathWord(
            word.from(),
            word.to(),
            word.transport(),
            word.chosen(),
            PathState.DEGRADED,
            String.format(
                Locale.ROOT, "loses up to %.0f %% of a train of packets", 100 * worst.get().loss()),
            false,
            lost ? Optional.of(place.lastSeen()) : Optional.empty(),
            lost ? Optional.of(place.notSeen()) : Optional.empty()),
        path.sender(),
        path.receiver());
  }
}

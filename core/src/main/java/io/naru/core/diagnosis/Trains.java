package io.naru.core.diagnosis;

import io.naru.core.probe.TrainKind;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the trains of one path tell together. Of several families the worst counts.
 *
 * @param all trains of the path
 */
public record Trains(List<Train> all) {
  /** Less may be a busy machine's noise. */
  private static final double LOSS = 0.05;

  /** Fewer lost packets say nothing. */
  private static final int FEW = 3;

  /** A burst loses so much more than the same packets far apart. */
  private static final double MORE = 0.2;

  /** A burst that loses less of itself is no sign of a limit. */
  private static final double BURST_LOSS = 0.15;

  /** Or at most so much of it arrives as of the same packets far apart. */
  private static final double LESS = 0.5;

  /** A burst that takes so many times as long to arrive as to leave has waited in a queue. */
  private static final double STRETCHED = 1.5;

  /** Without any loss it has to be so much, and no train of a busy sender. */
  private static final double DELAYED = 2.5;

  private static final long DELAYED_MILLISECONDS = 250;

  /** How a path that has a limit shows it. */
  public enum Limit {
    /** What is too much is dropped, counted in packets. */
    PACKETS,
    /** What is too much is dropped, counted in bytes. */
    BYTES,
    /** What is too much waits, and is dropped where the queue is full. */
    QUEUE
  }

  public Trains {
    all = List.copyOf(all);
  }

  /** The train of a kind. */
  public Optional<Train> of(TrainKind kind) {
    return all.stream()
        .filter(train -> train.kind() == kind)
        .max(Comparator.comparingDouble(Train::loss));
  }

  private double loss(TrainKind kind) {
    return of(kind).map(Train::loss).orElse(0.0);
  }

  /** Whether a slow train got through at all: else the fast ones say nothing. */
  private boolean pass() {
    return of(TrainKind.STEADY).filter(steady -> steady.arrived() > 0).isPresent();
  }

  /** The limit that the path has, if it has one. */
  public Optional<Limit> limit() {
    if (!pass()) {
      return Optional.empty();
    }
    double steady = loss(TrainKind.STEADY);
    double small = loss(TrainKind.SMALL_BURST);
    double full = loss(TrainKind.FULL_BURST);
    if (isMuchMore(small, steady)) {
      return Optional.of(Limit.PACKETS);
    }
    Optional<Train> burst = of(TrainKind.FULL_BURST).filter(train -> train.arrived() > 0);
    if (isMuchMore(full, Math.max(steady, small)) && burst.isPresent()) {
      return Optional.of(burst.get().stretch() > STRETCHED ? Limit.QUEUE : Limit.BYTES);
    }
    boolean delayed =
        burst
            .filter(train -> train.stretch() > DELAYED)
            .filter(train -> train.received().milliseconds() > DELAYED_MILLISECONDS)
            .isPresent();
    boolean smallInTime =
        of(TrainKind.SMALL_BURST).filter(train -> train.stretch() < STRETCHED).isPresent();
    return delayed && smallInTime ? Optional.of(Limit.QUEUE) : Optional.empty();
  }

  private static boolean isMuchMore(double burst, double steady) {
    return burst >= BURST_LOSS && (burst >= steady + MORE || 1 - burst <= LESS * (1 - steady));
  }

  /** Whether some flows lose everything while others lose nothing. */
  public boolean isByFlow() {
    return of(TrainKind.FLOWS)
        .map(Train::received)
        .filter(
            count ->
                count.silentFlows() >= 2
                    && count.wholeFlows() >= TrainKind.FLOW_COUNT / 4
                    && count.wholeFlows() + count.silentFlows() >= TrainKind.FLOW_COUNT * 9 / 10)
        .isPresent();
  }

  /** Whether packets get lost at any rate. */
  public boolean areLossy() {
    List<Train> plain =
        all.stream()
            .filter(train -> train.kind() == TrainKind.STEADY || train.kind() == TrainKind.FLOWS)
            .toList();
    int sent = plain.stream().mapToInt(train -> train.sent().sent()).sum();
    int lost = plain.stream().mapToInt(Train::lost).sum();
    return pass() && lost >= FEW && lost >= LOSS * sent;
  }

  /** Whether a train of every kind that tells of loss was sent, and nothing of them was lost. */
  public boolean loseNothing() {
    return EnumSet.complementOf(EnumSet.of(TrainKind.SIZES)).stream()
            .allMatch(kind -> of(kind).isPresent())
        && telling().allMatch(train -> train.lost() == 0);
  }

  /** How many packets those trains had that tell of loss. */
  public int packets() {
    return telling().mapToInt(train -> train.sent().sent()).sum();
  }

  private Stream<Train> telling() {
    return all.stream().filter(train -> train.kind() != TrainKind.SIZES);
  }

  /** Length with its IP header of the largest packet that arrived, in bytes. */
  public Optional<Integer> largest() {
    return all.stream()
        .filter(train -> train.kind() == TrainKind.SIZES && train.received().largest() > 0)
        .map(train -> train.received().largest())
        .min(Comparator.naturalOrder());
  }

  /** The train that lost most, of those that tell of loss. */
  public Optional<Train> worst() {
    return telling().max(Comparator.comparingDouble(Train::loss));
  }

  /** What came through of the full-size burst, in Mbit/s with IP headers. */
  public Optional<Double> megabits() {
    return of(TrainKind.FULL_BURST)
        .filter(train -> train.received().milliseconds() > 0)
        .map(
            train ->
                train.arrived()
                    * train.sent().largest()
                    * 8
                    / (train.received().milliseconds() * 1000.0));
  }

  /** What each train did, a sentence each. */
  public List<String> sentences() {
    return telling().sorted(Comparator.comparing(Train::kind)).map(Trains::sentence).toList();
  }

  private static String sentence(Train train) {
    String what =
        switch (train.kind()) {
          case STEADY -> "small packets, one after the other";
          case SMALL_BURST -> "small packets at once";
          case FULL_BURST -> "packets of " + train.sent().largest() + " bytes at once";
          case FLOWS -> "packets from " + TrainKind.FLOW_COUNT + " source ports";
          case SIZES -> "packets of many sizes";
        };
    return String.format(
        Locale.ROOT,
        "of %d %s (within %d ms) %d arrived (within %d ms)",
        train.sent().sent(),
        what,
        train.sent().milliseconds(),
        train.arrived(),
        train.received().milliseconds());
  }
}

package io.naru.lab.fault;

import io.naru.core.diagnosis.NodePair;
import io.naru.core.path.PathState;
import java.util.Optional;

/**
 * What a fault does to one of the two ways between a pair of nodes. A way of which nothing is
 * expected stays healthy.
 *
 * @param way which of both, seen from the direction of the fault
 * @param state how bad it is
 * @param lastSeen the farthest tap that sees a lost packet; empty where none is lost
 * @param notSeen the next one, that does not
 * @param reach who else has the same
 * @param transport the only one that is concerned; empty for: whichever the pair uses
 */
public record Expectation(
    Way way,
    PathState state,
    Optional<Tap> lastSeen,
    Optional<Tap> notSeen,
    Reach reach,
    Optional<String> transport) {
  /** One of the two ways of a pair, seen from the direction of the fault. */
  public enum Way {
    /** From the fault's sender to its receiver. */
    THERE("there"),
    /** From its receiver to its sender. */
    BACK("back");

    private final String text;

    Way(String text) {
      this.text = text;
    }

    /** The nodes that packets of this way go between. */
    public NodePair of(NodePair fault) {
      return switch (this) {
        case THERE -> fault;
        case BACK -> new NodePair(fault.to(), fault.from());
      };
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Which pairs of nodes a fault concerns. */
  public enum Reach {
    /** Those of its direction and no others. */
    PAIR("pair"),
    /** All in which the altered node stands where it stands in this one. */
    NODE("node");

    private final String text;

    Reach(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  static Expectation broken(Way way, Tap lastSeen, Tap notSeen) {
    return lost(way, PathState.BROKEN, lastSeen, notSeen);
  }

  /** Some packets arrive. */
  static Expectation degraded(Way way, Tap lastSeen, Tap notSeen) {
    return lost(way, PathState.DEGRADED, lastSeen, notSeen);
  }

  /** All packets arrive, and late. */
  static Expectation slow(Way way) {
    return new Expectation(
        way, PathState.DEGRADED, Optional.empty(), Optional.empty(), Reach.PAIR, Optional.empty());
  }

  private static Expectation lost(Way way, PathState state, Tap lastSeen, Tap notSeen) {
    return new Expectation(
        way, state, Optional.of(lastSeen), Optional.of(notSeen), Reach.PAIR, Optional.empty());
  }

  Expectation ofWholeNode() {
    return new Expectation(way, state, lastSeen, notSeen, Reach.NODE, transport);
  }

  Expectation onlyWith(String only) {
    return new Expectation(way, state, lastSeen, notSeen, reach, Optional.of(only));
  }
}

package io.naru.linux.route;

/** What the kernel thinks of a neighbour (NUD_* of linux/neighbour.h). */
public enum NeighbourState {
  NONE(0x00),
  /** Asked for, no answer yet. */
  INCOMPLETE(0x01),
  REACHABLE(0x02),
  STALE(0x04),
  DELAY(0x08),
  PROBE(0x10),
  /** Asked for in vain. */
  FAILED(0x20),
  /** Needs no asking. */
  NO_ARP(0x40),
  /** Set by a program or a person; never asked for. */
  PERMANENT(0x80);

  private final int number;

  NeighbourState(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  static NeighbourState of(int number) {
    for (NeighbourState state : values()) {
      if (state.number == number) {
        return state;
      }
    }
    // Pseudo-states may come with another bit; the highest one says most.
    return number == 0 ? NONE : of(Integer.highestOneBit(number) & 0xff);
  }
}

package io.naru.doctor.compare;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;

/**
 * Packets of one kind and direction. Sizes are bytes of IP packets, of the inner one in a tunnel.
 *
 * @param sent seen where they leave
 * @param arrived of these, seen at the other end
 * @param lost of these, not seen there although that capture was running
 * @param uncounted of these, not seen there, but too near that capture's beginning or end to tell
 * @param largestArrived 0 where none arrived
 * @param smallestLost 0 where none is lost or uncounted
 * @param largestLost 0 where none is lost or uncounted
 */
@JsonInclude(Include.ALWAYS)
public record Tally(
    int sent,
    int arrived,
    int lost,
    int uncounted,
    int largestArrived,
    int smallestLost,
    int largestLost) {
  public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0);

  /** One more packet. */
  Tally plus(Fate fate, int size) {
    boolean missing = fate != Fate.ARRIVED && fate != Fate.RESEGMENTED;
    return new Tally(
        sent + 1,
        arrived + (missing ? 0 : 1),
        lost + (fate == Fate.LOST ? 1 : 0),
        uncounted + (fate == Fate.UNCOUNTED ? 1 : 0),
        fate == Fate.ARRIVED ? Math.max(largestArrived, size) : largestArrived,
        missing ? smallestLost == 0 ? size : Math.min(smallestLost, size) : smallestLost,
        missing ? Math.max(largestLost, size) : largestLost);
  }

  /** Lost, and those that a capture's edge leaves in doubt. */
  public int missing() {
    return lost + uncounted;
  }

  @JsonIgnore
  public boolean isEmpty() {
    return sent == 0;
  }

  /** What became of a packet. */
  enum Fate {
    ARRIVED,
    /** Its bytes arrived in segments of other sizes. */
    RESEGMENTED,
    LOST,
    UNCOUNTED
  }
}

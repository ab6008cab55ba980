package io.naru.core.trace;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.Objects;

/**
 * What both ends of a capture are told.
 *
 * @param seconds how long, at most
 * @param packets how many on each node, at most
 * @param bytes of each packet that are kept, at most
 */
public record CaptureOrder(TraceEnd from, TraceEnd to, int seconds, int packets, int bytes) {
  public static final int MOST_SECONDS = 60;
  public static final int MOST_PACKETS = 20_000;
  public static final int MOST_BYTES = 2048;

  /** Of what goes to another node: as many packets as fit into one line of the channel. */
  public static final int MOST_PACKETS_FOR_A_PEER = 1500;

  /** Of what goes to another node: headers, of a tunnel and of what is in it. */
  public static final int MOST_BYTES_FOR_A_PEER = 128;

  public CaptureOrder {
    Objects.requireNonNull(from, "from is missing");
    Objects.requireNonNull(to, "to is missing");
    within("seconds", seconds, MOST_SECONDS);
    within("packets", packets, MOST_PACKETS);
    within("bytes of a packet", bytes, MOST_BYTES);
  }

  private static void within(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "a capture takes from 1 to " + most + " " + what + ", not " + value);
    }
  }

  /** As much of it as one node may ask of another. */
  public CaptureOrder forAPeer() {
    return new CaptureOrder(
        from,
        to,
        seconds,
        Math.min(packets, MOST_PACKETS_FOR_A_PEER),
        Math.min(bytes, MOST_BYTES_FOR_A_PEER));
  }
}

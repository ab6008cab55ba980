package io.naru.core.probe;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A train of packets that is sent at once, so that what gets lost tells why: one that is slow, two
 * that are fast, one over many flows, one of many sizes.
 */
public enum TrainKind {
  /** Few small packets, far apart: what is lost of these has nothing to do with their rate. */
  STEADY(1, "steady", 30, Duration.ofMillis(1450)),
  /** Many small packets at once, few bytes: a limit on packets shows. */
  SMALL_BURST(2, "small burst", 150, Duration.ofMillis(100)),
  /** As many of full size, about 17 Mbit/s: a limit on bytes shows. */
  FULL_BURST(3, "full-size burst", 150, Duration.ofMillis(100)),
  /** From {@link #FLOW_COUNT} source ports in turn, three times: each may go another way. */
  FLOWS(4, "flows", 96, Duration.ofMillis(290)),
  /** Of growing sizes: the largest that arrives is what the path carries. */
  SIZES(5, "sizes", 300, Duration.ofMillis(300));

  /** How many source ports {@link #FLOWS} has. */
  public static final int FLOW_COUNT = 32;

  private static final int SMALL_LENGTH = 92;

  /** Every path carries so much (RFC 8200, section 5; for IPv4 it is as good as certain). */
  private static final int LEAST = 576;

  private static final int FINE_STEPS = 100;

  private final byte number;
  private final String text;
  private final int packets;
  private final Duration duration;

  TrainKind(int number, String text, int packets, Duration duration) {
    this.number = (byte) number;
    this.text = text;
    this.packets = packets;
    this.duration = duration;
  }

  /** As a packet carries it. */
  byte number() {
    return number;
  }

  /** The kind of that number. */
  static Optional<TrainKind> numbered(byte number) {
    return Arrays.stream(values()).filter(kind -> kind.number == number).findFirst();
  }

  /** How many packets it has. */
  public int packets() {
    return packets;
  }

  /** From its first packet to its last. */
  public Duration duration() {
    return duration;
  }

  /**
   * Length of a packet with its IP header, in bytes.
   *
   * @param sequence its number in the train, from 0
   * @param podMtu the largest
   */
  public int length(int sequence, int podMtu) {
    return switch (this) {
      case STEADY, SMALL_BURST, FLOWS -> SMALL_LENGTH;
      case FULL_BURST -> podMtu;
      // Twice from the largest down, so that one lost packet does not hide a size.
      case SIZES -> size(sequence % (packets / 2), podMtu);
    };
  }

  /** First each second one of the sizes that tunnels cost, then in wide steps. */
  private int size(int step, int podMtu) {
    int fine = step < FINE_STEPS ? step : FINE_STEPS;
    int wide = step - fine;
    int rest = Math.max(0, podMtu - 2 * FINE_STEPS - LEAST);
    return Math.max(LEAST, podMtu - 2 * fine - wide * rest / (packets / 2 - FINE_STEPS - 1));
  }

  @Override
  public String toString() {
    return text;
  }
}

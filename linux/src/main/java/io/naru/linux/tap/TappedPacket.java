package io.naru.linux.tap;

/**
 * A packet that passed an interface.
 *
 * @param direction in or out
 * @param toOtherHost whether its link-layer destination is another host (PACKET_OTHERHOST)
 * @param linkIndex the interface
 * @param bytes the packet from its link-layer header on, at most the tap's snap length
 * @param originalLength length of the whole packet in bytes
 * @param nanoTime {@link System#nanoTime()} when it was read
 * @param kernelTime when the kernel saw it, in nanoseconds of the wall clock: compare those of one
 *     tap; 0 unless the tap keeps it
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares packets, many are read.
public record TappedPacket(
    Direction direction,
    boolean toOtherHost,
    int linkIndex,
    byte[] bytes,
    int originalLength,
    long nanoTime,
    long kernelTime) {
  /** Which way it went, seen from this machine. */
  public enum Direction {
    /** Seen before netfilter. */
    INGRESS,
    /** Seen after netfilter. */
    EGRESS
  }
}

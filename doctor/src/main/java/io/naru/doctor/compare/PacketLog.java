package io.naru.doctor.compare;

import io.naru.observe.packet.FrameDirection;
import java.util.Arrays;
import java.util.List;

/** What is kept of the packets of a flow: 28 bytes each, since a capture may hold millions. */
final class PacketLog {
  /** The time of a packet whose file has none. */
  static final long NO_TIME = Long.MIN_VALUE;

  /** In the order of the numbers that stand for them. */
  private static final List<FrameDirection> DIRECTIONS =
      List.of(FrameDirection.UNKNOWN, FrameDirection.IN, FrameDirection.OUT);

  private long[] identities = new long[4];
  private long[] times = new long[4];
  private int[] sizes = new int[4];
  private int[] payloads = new int[4];
  private int[] places = new int[4];
  private int count;

  /**
   * Adds a packet.
   *
   * @param identity what stays the same on its way and tells it from others of the flow
   * @param time nanoseconds
   * @param size bytes of the IP packet
   * @param payload bytes of TCP data
   * @param path index of its outer path
   */
  void add(long identity, long time, int size, int payload, int path, FrameDirection direction) {
    if (count == identities.length) {
      int room = count * 2;
      identities = Arrays.copyOf(identities, room);
      times = Arrays.copyOf(times, room);
      sizes = Arrays.copyOf(sizes, room);
      payloads = Arrays.copyOf(payloads, room);
      places = Arrays.copyOf(places, room);
    }
    identities[count] = identity;
    times[count] = time;
    sizes[count] = size;
    payloads[count] = payload;
    places[count] = path * DIRECTIONS.size() + DIRECTIONS.indexOf(direction);
    count++;
  }

  int count() {
    return count;
  }

  long identity(int i) {
    return identities[i];
  }

  long time(int i) {
    return times[i];
  }

  int size(int i) {
    return sizes[i];
  }

  /** Bytes of TCP data; its first one's sequence number is in the identity's upper half. */
  int payload(int i) {
    return payloads[i];
  }

  int path(int i) {
    return places[i] / DIRECTIONS.size();
  }

  FrameDirection direction(int i) {
    return DIRECTIONS.get(places[i] % DIRECTIONS.size());
  }
}

package io.naru.linux.socket;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a {@link ProbeSocket} sends.
 *
 * @param mark SO_MARK, by which routing rules choose a table; needs CAP_NET_ADMIN
 * @param fragmentation what happens to packets larger than the path
 * @param boundInterface name of the only interface it uses (SO_BINDTODEVICE)
 * @param timeToLive TTL or hop limit of its packets
 * @param receiveBuffer bytes that may wait to be read (SO_RCVBUFFORCE, which needs CAP_NET_ADMIN,
 *     or else as much of it as SO_RCVBUF gives)
 */
public record ProbeOptions(
    OptionalInt mark,
    Fragmentation fragmentation,
    Optional<String> boundInterface,
    OptionalInt timeToLive,
    OptionalInt receiveBuffer) {
  /** IP_MTU_DISCOVER of linux/in.h, IPV6_MTU_DISCOVER of linux/in6.h. */
  public enum Fragmentation {
    /** The system's setting. */
    AS_CONFIGURED,
    /** Never, and a packet larger than the known path MTU is refused with EMSGSIZE. */
    FORBIDDEN,
    /** Never, and only the interface's MTU is looked at: finds what a path really carries. */
    PROBING
  }

  private static final ProbeOptions PLAIN =
      new ProbeOptions(
          OptionalInt.empty(),
          Fragmentation.AS_CONFIGURED,
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty());

  /** As any UDP socket sends. */
  public static ProbeOptions plain() {
    return PLAIN;
  }

  public ProbeOptions withMark(int value) {
    return new ProbeOptions(
        OptionalInt.of(value), fragmentation, boundInterface, timeToLive, receiveBuffer);
  }

  public ProbeOptions withFragmentation(Fragmentation value) {
    return new ProbeOptions(mark, value, boundInterface, timeToLive, receiveBuffer);
  }

  public ProbeOptions withBoundInterface(String value) {
    return new ProbeOptions(mark, fragmentation, Optional.of(value), timeToLive, receiveBuffer);
  }

  public ProbeOptions withTimeToLive(int value) {
    return new ProbeOptions(
        mark, fragmentation, boundInterface, OptionalInt.of(value), receiveBuffer);
  }

  public ProbeOptions withReceiveBuffer(int value) {
    return new ProbeOptions(mark, fragmentation, boundInterface, timeToLive, OptionalInt.of(value));
  }
}

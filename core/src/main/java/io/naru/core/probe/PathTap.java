package io.naru.core.probe;

import io.naru.core.path.PathId;
import io.naru.core.path.Transport;
import java.util.List;
import java.util.Optional;

/** A place on a probe's way where it can be seen, in the order of the way. */
public enum PathTap {
  SENDER_VTEP,
  SENDER_NIC,
  RECEIVER_NIC,
  RECEIVER_VTEP,
  /** The agent at the other end has it in hand. */
  DELIVERED;

  private static final List<PathTap> PLAIN = List.of(SENDER_NIC, RECEIVER_NIC, DELIVERED);
  private static final List<PathTap> TUNNELLED =
      List.of(SENDER_VTEP, SENDER_NIC, RECEIVER_NIC, RECEIVER_VTEP, DELIVERED);

  /** The taps on the way of a transport's packets, in order. */
  public static List<PathTap> on(Transport transport) {
    return switch (transport) {
      case DIRECT -> PLAIN;
      case VXLAN -> TUNNELLED;
    };
  }

  /** The next tap on a transport's way after this one. */
  public Optional<PathTap> next(Transport transport) {
    List<PathTap> way = on(transport);
    int index = way.indexOf(this);
    return index + 1 < way.size() ? Optional.of(way.get(index + 1)) : Optional.empty();
  }

  /** The tap's name on a path: {@code node1/nic}. */
  public String on(PathId path) {
    return switch (this) {
      case SENDER_VTEP -> path.from() + "/vtep";
      case SENDER_NIC -> path.from() + "/nic";
      case RECEIVER_NIC -> path.to() + "/nic";
      case RECEIVER_VTEP -> path.to() + "/vtep";
      case DELIVERED -> path.to() + "/agent";
    };
  }

  /** Whether the tap is at the path's sending end. */
  public boolean isAtSender() {
    return switch (this) {
      case SENDER_VTEP, SENDER_NIC -> true;
      case RECEIVER_NIC, RECEIVER_VTEP, DELIVERED -> false;
    };
  }
}

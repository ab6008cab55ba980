package io.naru.core.path;

import io.naru.core.cluster.NodeName;
import java.util.Objects;

/** A path: from one node to another, one direction, by one transport. */
public record PathId(NodeName from, NodeName to, Transport transport)
    implements Comparable<PathId> {
  public PathId {
    Objects.requireNonNull(from, "from is missing");
    Objects.requireNonNull(to, "to is missing");
    Objects.requireNonNull(transport, "transport is missing");
  }

  @Override
  public int compareTo(PathId other) {
    int byFrom = from.compareTo(other.from);
    int byTo = byFrom != 0 ? byFrom : to.compareTo(other.to);
    return byTo != 0 ? byTo : transport.compareTo(other.transport);
  }

  @Override
  public String toString() {
    return from + " → " + to + " (" + transport + ")";
  }
}

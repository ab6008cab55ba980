package io.naru.core.diagnosis;

/** One direction between two nodes, by name. */
public record NodePair(String from, String to) implements Comparable<NodePair> {
  public NodePair reversed() {
    return new NodePair(to, from);
  }

  @Override
  public int compareTo(NodePair other) {
    int byFrom = from.compareTo(other.from);
    return byFrom != 0 ? byFrom : to.compareTo(other.to);
  }

  @Override
  public String toString() {
    return from + " → " + to;
  }
}

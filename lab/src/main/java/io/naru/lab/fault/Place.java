package io.naru.lab.fault;

/** Where a fault is injected. */
public enum Place {
  /** The cloud between the nodes. */
  FABRIC("fabric"),
  /** The node that sends. */
  SENDER("sending node"),
  /** The node that receives. */
  RECEIVER("receiving node"),
  /** The pods of both nodes, and the sending node. */
  PODS("pods"),
  /** The pods of the receiving node that serve a service. */
  SERVING_PODS("serving pods"),
  /** No lab has the place. */
  NONE("-");

  private final String text;

  Place(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}

package io.naru.core.configuration;

/** Which transports the network may use. */
public enum TransportPolicy {
  /** Direct where both nodes are in one subnet, else VXLAN. */
  AUTO("auto"),
  VXLAN("vxlan"),
  DIRECT("direct");

  private final String text;

  TransportPolicy(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}

package io.naru.core.path;

/** How pod packets get from one node to another. */
public enum Transport {
  /** Plain routing: the pod packet itself is on the wire. */
  DIRECT("direct"),
  /** In UDP, as RFC 7348 has it. */
  VXLAN("vxlan");

  private final String text;

  Transport(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}

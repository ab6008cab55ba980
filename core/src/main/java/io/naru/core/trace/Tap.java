package io.naru.core.trace;

/** A place on a node where packets of a trace can be seen. */
public enum Tap {
  /** The interface in the pod that sends. */
  FROM_POD("eth0"),
  /** The node's end of it. */
  FROM_VETH("veth"),
  /** The tunnel device. */
  VTEP("vtep"),
  /** The underlay interface. */
  NIC("nic"),
  /** The node's end of the interface of the pod that it goes to. */
  TO_VETH("veth"),
  /** The interface in that pod. */
  TO_POD("eth0");

  private final String text;

  Tap(String text) {
    this.text = text;
  }

  /** The word after the slash. */
  public String word() {
    return text;
  }
}

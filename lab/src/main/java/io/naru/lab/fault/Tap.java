package io.naru.lab.fault;

import io.naru.core.diagnosis.NodePair;

/** A place on a pod packet's way from one node to another where it can be seen, in order. */
public enum Tap {
  SENDER_VETH,
  SENDER_VTEP,
  SENDER_NIC,
  RECEIVER_NIC,
  RECEIVER_VTEP,
  RECEIVER_VETH;

  /**
   * Its name for packets of that direction, like {@code node1/nic}.
   *
   * @param way the packet's sender and receiver
   */
  public String on(NodePair way) {
    return switch (this) {
      case SENDER_VETH -> way.from() + "/veth";
      case SENDER_VTEP -> way.from() + "/vtep";
      case SENDER_NIC -> way.from() + "/nic";
      case RECEIVER_NIC -> way.to() + "/nic";
      case RECEIVER_VTEP -> way.to() + "/vtep";
      case RECEIVER_VETH -> way.to() + "/veth";
    };
  }
}

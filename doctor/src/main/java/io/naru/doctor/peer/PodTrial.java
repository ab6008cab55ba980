package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;

/**
 * UDP from a pod's own namespace to a closed port in another node's pods' network. Only such
 * packets go through the nodes' forwarding: pings of the nodes themselves do not.
 *
 * @param pod the address of the pod that tried
 * @param way the address that pings to the same node ask
 * @param target the address that was tried
 * @param toPod whether a pod has that address; else the node itself, as far as one knows
 * @param answered whether the refusal of a small one came back
 * @param size length with its IP header of one as large as the pod may send, in bytes
 * @param largeAnswered whether that one's came back, or the pod was told that it is too large
 */
public record PodTrial(
    IpAddress pod,
    IpAddress way,
    IpAddress target,
    boolean toPod,
    boolean answered,
    int size,
    boolean largeAnswered) {
  /** UDP port on which nobody listens, as a rule: a little above those that tunnels use. */
  public static final int PORT = 8477;

  public PodTrial {
    IpAddress _ = Bounds.present(pod, "podTrials.pod");
    IpAddress _ = Bounds.present(way, "podTrials.way");
    IpAddress _ = Bounds.present(target, "podTrials.target");
    Bounds.number(size, 0, 1 << 20, "podTrials.size");
  }

  /** Whether packets of both sizes were answered. */
  public boolean passes() {
    return answered && largeAnswered;
  }
}

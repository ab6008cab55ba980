package io.naru.agent.examine;

import io.naru.agent.ipam.LeaseBook;
import io.naru.core.address.IpAddress;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.pod.PodAttachment;
import io.naru.observe.trial.TrialTaps;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sees the packets of {@link PodTrials} where they pass this node: its pods' veths, vtep and nic.
 *
 * @param addresses of the pods that are watched
 */
record PodTrialTaps(TrialTaps taps, Set<String> addresses) implements AutoCloseable {
  /** The pods that peers and this node try. */
  private static final int PODS = 3;

  /**
   * Opens them.
   *
   * @param port that the trials are sent to
   */
  static PodTrialTaps open(NodeView view, LeaseBook leases, int port) {
    List<PodAttachment> pods =
        leases.all().stream().map(lease -> lease.attachment()).limit(PODS).toList();
    int vxlanPort = view.configuration().vxlanPort();
    TrialTaps taps = new TrialTaps(port, Set.of(vxlanPort));
    taps.nic(view.underlay().interfaceName(), vxlanPort);
    pods.forEach(pod -> taps.pod(pod.hostInterface()));
    taps.tunnel(DesiredState.TUNNEL);
    return new PodTrialTaps(
        taps,
        pods.stream()
            .flatMap(pod -> pod.addresses().stream())
            .map(IpAddress::toString)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Where they were seen so far. */
  List<TrialSighting> seen() {
    return taps.seen();
  }

  /** Whether something for a pod of this node came in and did not get to the pod. */
  boolean areLostHere() {
    return taps.areLostFor(addresses);
  }

  @Override
  public void close() {
    taps.close();
  }
}

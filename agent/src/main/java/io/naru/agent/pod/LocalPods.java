package io.naru.agent.pod;

import io.naru.agent.ipam.Lease;
import io.naru.agent.ipam.LeaseBook;
import io.naru.core.desired.LocalPod;
import java.util.List;
import java.util.Optional;

/** Every pod with a lease, also one that is only being attached: its routes are wanted. */
public final class LocalPods {
  private LocalPods() {}

  public static List<LocalPod> of(LeaseBook leases) {
    return of(leases.all());
  }

  /** The same of leases that were only looked at. */
  public static List<LocalPod> of(List<Lease> leases) {
    return leases.stream()
        .map(Lease::attachment)
        .map(
            pod ->
                new LocalPod(
                    pod.hostInterface(),
                    pod.podMac(),
                    pod.addresses(),
                    Optional.of(new LocalPod.HostLink(pod.hostMac(), pod.mtu()))))
        .toList();
  }
}

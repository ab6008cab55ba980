package io.naru.doctor.verdict;

import io.naru.core.address.Prefix;
import io.naru.core.diagnosis.Remedy;

/** To do without a tunnel. */
final class DirectRouting {
  private DirectRouting() {}

  static Remedy remedy(Prefix subnet) {
    return Remedy.judged(
        "or do without the tunnel: the nodes share a subnet ("
            + subnet
            + " by their addresses), so route pods directly (Naru: transport auto or direct; Cilium:"
            + " routing-mode native with auto-direct-node-routes; Flannel: host-gw). A cloud must"
            + " then let through packets of pod addresses (AWS: source/destination check off)",
        "");
  }
}

package io.naru.agent.examine;

import io.naru.core.cluster.NodeKind;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.AgentWork;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.state.Plan;
import io.naru.linux.route.Link;
import io.naru.linux.route.RouteNetlink;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The evidence of a node whose agent does not run: how its kernel differs, and nothing else. */
public final class KernelComparison {
  private KernelComparison() {}

  /**
   * The evidence.
   *
   * @param plan what a pass would change
   * @param notChecked what could not be compared, a sentence each
   */
  public static NodeEvidence of(
      NodeView view, Plan plan, RouteNetlink netlink, List<String> notChecked) {
    String nic = view.underlay().interfaceName();
    return new NodeEvidence(
        view.self().name().text(),
        nic,
        netlink.link(nic).filter(Link::up).filter(Link::carrier).isPresent(),
        view.underlay().addresses().stream().map(own -> own.address().toString()).toList(),
        view.configuration().vxlanPort(),
        view.configuration().agentPort(),
        view.configuration().vni(),
        view.podMtu(),
        OtherFilterLook.podNetworks(view),
        AgentWork.DOWN,
        Drifts.of(plan, view),
        Map.of(),
        List.of(),
        view.peers().stream()
            .filter(peer -> peer.kind() == NodeKind.AGENT)
            .map(
                peer ->
                    new PeerEvidence(
                        peer.name().text(),
                        peer.publicAddresses().getFirst().toString(),
                        view.underlay().isOnLink(peer.publicAddresses().getFirst()),
                        "untried",
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ""))
            .toList(),
        List.of(),
        List.of(),
        List.of(),
        OtherFilters.NONE,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        notChecked);
  }
}

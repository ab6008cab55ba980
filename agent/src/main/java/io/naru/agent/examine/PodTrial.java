package io.naru.agent.examine;

import io.naru.agent.ipam.Lease;
import io.naru.agent.ipam.LeaseBook;
import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.NodeEvidence.ForwardTrial;
import io.naru.core.error.NaruException;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.observe.trial.PortTrial;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sends a packet from a pod's own namespace: only that goes through the node's forwarding, where
 * the probes of the nodes themselves do not.
 *
 * @param port where nobody listens, so that a refusal comes back
 */
record PodTrial(LeaseBook leases, int port) {
  /** The first pod that is there, to the first peer that its node can reach. */
  Optional<ForwardTrial> run(NodeView view, Set<String> inTrouble, List<String> notChecked) {
    Optional<Node> peer =
        view.peers().stream()
            .filter(node -> node.kind() == NodeKind.AGENT)
            .filter(node -> !inTrouble.contains(node.name().text()))
            .filter(node -> view.chosenTransport(node).isPresent())
            .findFirst();
    if (peer.isEmpty()) {
      return Optional.empty();
    }
    for (Lease lease : leases.all()) {
      PodAttachment pod = lease.attachment();
      Optional<IpAddress> target = target(pod, peer.get());
      if (target.isPresent()) {
        try (NetworkNamespace namespace = NetworkNamespace.open(Path.of(pod.netnsPath()))) {
          boolean answered = namespace.call(() -> PortTrial.isAnswered(target.get(), port));
          // A peer that answers nobody says nothing about forwarding.
          if (!answered && !PortTrial.isAnswered(target.get(), port)) {
            notChecked.add(
                "whether pods' packets are forwarded: "
                    + peer.get().name()
                    + " answers a closed port neither to pod "
                    + pod.displayName()
                    + " nor to this node");
            return Optional.empty();
          }
          return Optional.of(
              new ForwardTrial(pod.displayName(), peer.get().name().text(), answered));
        } catch (NaruException podGone) {
          notChecked.add("pod " + pod.displayName() + ": " + podGone.sentence());
        }
      }
    }
    notChecked.add("whether pods' packets are forwarded: no pod runs here that could try");
    return Optional.empty();
  }

  /** The peer's own address in the pod network, of a family that the pod has. */
  private static Optional<IpAddress> target(PodAttachment pod, Node peer) {
    return peer.podCidrs().stream()
        .filter(cidr -> pod.address(cidr.family()).isPresent())
        .map((Prefix cidr) -> NodeView.gateway(cidr).address())
        .findFirst();
  }
}

package io.naru.doctor.peer;

import io.naru.core.diagnosis.FirewallOwner;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.diagnosis.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What to type where a node does not pass on what pods send. */
final class ForwardRemedies {
  private ForwardRemedies() {}

  /** Before a policy of nft's own chains; other rules have remedies of their own. */
  static void accepting(Map<String, LookEvidence> nodes, List<Remedy> remedies) {
    for (LookEvidence node : nodes.values()) {
      node.look().drops().stream()
          .filter(drop -> drop.hook().equals("through") && drop.handle().isEmpty())
          .filter(drop -> FirewallOwner.of(drop) == FirewallOwner.NFTABLES)
          .findFirst()
          .ifPresent(
              drop ->
                  PodNetworks.of(node.look())
                      .forEach(network -> accepting(node, drop, network, remedies)));
    }
  }

  private static void accepting(
      LookEvidence node, RuleDrop drop, String network, List<Remedy> remedies) {
    String family = network.contains(":") ? " ip6 " : " ip ";
    for (String end : List.of("saddr ", "daddr ")) {
      remedies.add(
          Remedy.judged(
              "on "
                  + node.look().node()
                  + ", accept what pods "
                  + (end.startsWith("s") ? "send" : "are sent")
                  + " before that",
              "nft insert rule " + drop.chain() + family + end + network + " accept"));
    }
  }

  /** Pods keep the MTU that they were made with. */
  static Remedy podMtu(PeerNetwork network, Optional<Integer> mtu) {
    String size = mtu.map(String::valueOf).orElse("<size>");
    return switch (network) {
      case FLANNEL ->
          Remedy.judged(
              "have pods made with an MTU of "
                  + size
                  + ": the bridge plugin takes it from this file (and from \"mtu\" in"
                  + " /etc/cni/net.d, if that says another); then make the pods anew",
              "grep FLANNEL_MTU /run/flannel/subnet.env");
      case CILIUM ->
          Remedy.judged(
              "give the pods an MTU of " + size + ": mtu in cilium-config; then make them anew",
              "cilium config set mtu " + size);
      case KERNEL ->
          Remedy.judged(
              "set the MTU of the pods' interfaces to "
                  + size
                  + ", in each pod's own network namespace: on the node, eth0 is another",
              "nsenter -t <pid in the pod> -n ip link set dev eth0 mtu " + size);
    };
  }

  /** Where only nodes' own packets pass. */
  static Optional<Remedy> watching(Verdict verdict, Map<String, LookEvidence> nodes) {
    boolean pods =
        verdict.evidence().stream().anyMatch(sentence -> sentence.startsWith("a packet from pod "));
    return nodes.values().stream()
        .filter(node -> pods)
        .flatMap(node -> node.look().tunnels().stream())
        .findFirst()
        .map(
            tunnel ->
                Remedy.judged(
                    "on both nodes, watch where they end while you examine again",
                    "tcpdump -lnvi any icmp or udp port 8477 or udp port " + tunnel.port()));
  }
}

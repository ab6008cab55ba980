package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What to type on nodes that run another network. */
final class PeerRemedies {
  /** Faults whose general remedies are for Naru's nodes. */
  static final Set<String> REPLACED =
      Set.of("underlay-no-path", "mtu-hole", "mtu-fragmenting", "fragments-dropped");

  private PeerRemedies() {}

  static List<Remedy> of(
      Verdict verdict,
      Optional<PeerPath> path,
      Optional<Tunnel> tunnel,
      List<Difference> differences,
      Map<String, LookEvidence> nodes) {
    List<Remedy> remedies = new ArrayList<>();
    PeerNetwork network =
        nodes.values().stream().findFirst().map(n -> n.look().peer()).orElse(PeerNetwork.KERNEL);
    if (!differences.isEmpty()) {
      entries(network, differences, remedies);
      return remedies;
    }
    switch (verdict.fault()) {
      case "underlay-port-blocked", "underlay-all-udp-blocked" ->
          path.filter(PeerRemedies::onOneSubnet).ifPresent(p -> remedies.add(direct(network, p)));
      case "underlay-no-path" -> path.ifPresent(p -> noPath(p, remedies));
      case "mtu-hole", "mtu-fragmenting", "fragments-dropped" ->
          remedies.add(mtu(network, path, tunnel));
      case "direct-route-refused" ->
          remedies.add(
              Remedy.judged(
                  "or use the tunnel: Flannel's backend vxlan, with \"DirectRouting\": false",
                  "kubectl -n kube-flannel edit configmap kube-flannel-cfg"));
      case "forward-drop" -> ForwardRemedies.accepting(nodes, remedies);
      case "mtu-pod-too-big" ->
          remedies.add(ForwardRemedies.podMtu(network, tunnel.map(Tunnel::mtu)));
      case Verdict.UNEXPLAINED -> ForwardRemedies.watching(verdict, nodes).ifPresent(remedies::add);
      case "port-mismatch", "vni-mismatch" ->
          tunnel.ifPresent(
              t ->
                  remedies.add(
                      Remedy.judged(
                          "compare the device's id and dstport on both nodes",
                          "ip -d link show " + t.device())));
      default -> {}
    }
    return remedies;
  }

  private static boolean onOneSubnet(PeerPath path) {
    return path.sender().underlay().stream()
        .anyMatch(
            trial ->
                trial.sameSubnet() && path.probe().node().equals(Optional.of(trial.address())));
  }

  private static void entries(
      PeerNetwork network, List<Difference> differences, List<Remedy> remedies) {
    for (Difference each : differences) {
      for (String command : each.commands()) {
        remedies.add(Remedy.judged("on " + each.node() + ", at once", command));
      }
    }
    boolean entry =
        differences.stream()
            .anyMatch(each -> !List.of("ip-forward-off", "rp-filter").contains(each.fault()));
    String node = differences.getFirst().node();
    if (entry) {
      switch (network) {
        case FLANNEL ->
            remedies.add(
                Remedy.judged(
                    "or restart Flannel there, which writes its entries again (K3s: restart k3s or"
                        + " k3s-agent)",
                    "kubectl -n kube-flannel delete pod -l app=flannel --field-selector"
                        + " spec.nodeName="
                        + node));
        case CILIUM ->
            remedies.add(
                Remedy.judged(
                    "or restart Cilium there, which writes its entries again",
                    "kubectl -n kube-system delete pod -l k8s-app=cilium --field-selector"
                        + " spec.nodeName="
                        + node));
        case KERNEL -> {}
      }
    }
  }

  private static Remedy direct(PeerNetwork network, PeerPath path) {
    String shared = "or do without the tunnel, the nodes share a subnet: ";
    return switch (network) {
      case FLANNEL ->
          Remedy.judged(
              shared + "Flannel's backend host-gw (\"Backend\": {\"Type\": \"host-gw\"})",
              "kubectl -n kube-flannel edit configmap kube-flannel-cfg");
      case CILIUM ->
          Remedy.judged(
              shared
                  + "Cilium's routing-mode native with auto-direct-node-routes (and"
                  + " ipv4-native-routing-cidr: the pods' network)",
              "cilium config set routing-mode native && cilium config set"
                  + " auto-direct-node-routes true");
      case KERNEL ->
          Remedy.judged(
              shared + "route to the other node's address",
              "ip route replace <its block> via "
                  + path.probe().node().map(IpAddress::toString).orElse("<its address>"));
    };
  }

  private static void noPath(PeerPath path, List<Remedy> remedies) {
    String address = path.probe().node().map(IpAddress::toString).orElse(path.to());
    boolean nobody =
        path.sender().underlay().stream()
            .anyMatch(t -> t.noNeighbour() && t.address().toString().equals(address));
    String device = path.probe().device();
    if (nobody && !device.isEmpty()) {
      remedies.add(
          Remedy.judged(
              "look whether " + address + " still is that node's address: an entry may be stale",
              "kubectl get nodes -o wide; bridge fdb show dev " + device));
    }
    remedies.add(
        Remedy.judged(
            "look whether that node is up, and at the route to it", "ip route get " + address));
  }

  private static Remedy mtu(PeerNetwork network, Optional<PeerPath> path, Optional<Tunnel> tunnel) {
    String device = tunnel.map(Tunnel::device).orElse("<device>");
    Optional<Integer> largest = path.flatMap(p -> p.probe().largest());
    String size = largest.map(String::valueOf).orElse("<size>");
    String where =
        switch (network) {
          case FLANNEL -> "; for good: \"MTU\" beside \"Type\" in kube-flannel-cfg";
          case CILIUM -> "; for good: mtu in cilium-config";
          case KERNEL -> "";
        };
    return Remedy.judged(
        largest
                .map(bytes -> "packets of " + bytes + " bytes pass: give the pods that MTU")
                .orElse(
                    "let the pods' packets be smaller: "
                        + tunnel.map(Tunnel::overhead).orElse(50)
                        + " bytes less than what the way between the nodes carries")
            + " on all nodes, or have the hop that drops them carry more"
            + where,
        "ip link set "
            + device
            + " mtu "
            + size
            + (network == PeerNetwork.FLANNEL ? " && ip link set cni0 mtu " + size : ""));
  }

  /** How to have the other end looked at as well. */
  static Remedy askBoth(PeerPath path) {
    String network = path.sender().network();
    String other = path.probe().node().map(IpAddress::toString).orElse(path.to());
    if (path.receiver().isPresent()) {
      return Remedy.judged(
          "the two looks were not taken at the same time; take both within a second or two, and"
              + " give the files again",
          "naru collect --peer " + network + " --seconds 20 > $(hostname).json");
    }
    boolean named = !path.to().equals(other) && !path.to().isEmpty();
    return Remedy.judged(
        "to be certain, and to learn the direction, have both ends looked at at once (naru must be"
            + " there; or run naru collect on each and give the files)",
        named
            ? "naru doctor --peer "
                + network
                + " netns:"
                + path.sender().node()
                + " netns:"
                + path.to()
            : "naru doctor --peer " + network + " here ssh:root@" + other);
  }
}

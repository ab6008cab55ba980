package io.naru.core.desired;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.path.Transport;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a peer is reached by a transport, or by none, as a clause for people. */
final class TransportReason {
  private TransportReason() {}

  static String of(NodeView view, Node peer) {
    Optional<Transport> chosen = view.chosenTransport(peer);
    if (chosen.isEmpty()) {
      return none(view, peer);
    }
    return switch (chosen.get()) {
      case DIRECT -> "same subnet on " + view.underlay().interfaceName() + notCarried(view, peer);
      case VXLAN -> tunnelled(view, peer);
    };
  }

  private static String tunnelled(NodeView view, Node peer) {
    if (view.configuration().transport() == TransportPolicy.VXLAN) {
      return "the configuration says vxlan";
    }
    if (peer.kind() == NodeKind.FOREIGN) {
      return "no Naru agent runs there";
    }
    return view.directRoutes(peer).isEmpty()
        ? "another subnet"
        : "direct routes cannot carry " + families(missing(view, peer)) + " pods";
  }

  private static List<IpFamily> missing(NodeView view, Node peer) {
    List<Prefix> direct = view.directRoutes(peer);
    return view.sharedPodCidrs(peer).stream()
        .filter(cidr -> !direct.contains(cidr))
        .map(Prefix::family)
        .toList();
  }

  private static String notCarried(NodeView view, Node peer) {
    List<IpFamily> missing = missing(view, peer);
    return missing.isEmpty()
        ? ""
        : ", but direct routes cannot carry " + families(missing) + " pods";
  }

  private static String none(NodeView view, Node peer) {
    if (view.sharedPodCidrs(peer).isEmpty()) {
      return peer.name()
          + " has pods with "
          + families(peer.podCidrs().stream().map(Prefix::family).toList())
          + " and this node with "
          + families(view.self().podCidrs().stream().map(Prefix::family).toList());
    }
    if (view.configuration().transport() != TransportPolicy.DIRECT) {
      return noTunnel(view, peer);
    }
    return peer.kind() == NodeKind.FOREIGN
        ? peer.name() + " is reached by VXLAN alone; use transport auto or vxlan"
        : noDirectRoute(view, peer);
  }

  private static String noDirectRoute(NodeView view, Node peer) {
    boolean common =
        Arrays.stream(IpFamily.values())
            .anyMatch(
                family ->
                    view.underlay().address(family).isPresent()
                        && peer.publicAddress(family).isPresent());
    return common
        ? peer.name() + " is in another subnet: direct routing cannot reach it; use transport auto"
        : noCommonFamily(view, peer);
  }

  private static String noTunnel(NodeView view, Node peer) {
    IpFamily ours = view.tunnelFamily();
    IpFamily theirs = ours.other();
    boolean bothHaveTheirs =
        peer.publicAddress(theirs).isPresent() && view.underlay().address(theirs).isPresent();
    boolean bothHaveOurs = peer.publicAddress(ours).isPresent();
    if (!bothHaveTheirs && !bothHaveOurs) {
      return noCommonFamily(view, peer);
    }
    // One end has both families, and speaks the one that the other end lacks.
    IpFamily common = bothHaveTheirs ? theirs : ours;
    String lacking = bothHaveTheirs ? peer.name().text() : "this node";
    return lacking
        + " has no "
        + common.other()
        + " address for the tunnel; give it one, or set tunnelFamily to "
        + (common == IpFamily.IPV4 ? "ipv4" : "ipv6");
  }

  private static String noCommonFamily(NodeView view, Node peer) {
    return peer.name()
        + " has only "
        + families(peer.publicAddresses().stream().map(address -> address.family()).toList())
        + " on the underlay and this node only "
        + families(view.underlay().addresses().stream().map(a -> a.address().family()).toList())
        + "; give both an address of one family";
  }

  private static String families(List<IpFamily> families) {
    return families.isEmpty()
        ? "no address"
        : families.stream().map(IpFamily::toString).collect(Collectors.joining(" and "));
  }
}

package io.naru.core.desired;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.path.Transport;
import io.naru.core.underlay.Underlay;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that one node knows: the network, itself, its underlay, its peers, its pods.
 *
 * @param peers every other node of the cluster, ordered by name
 */
public record NodeView(
    NetworkConfiguration configuration,
    Node self,
    Underlay underlay,
    List<Node> peers,
    List<LocalPod> pods) {
  /** Bytes that VXLAN adds: inner Ethernet 14, VXLAN 8, UDP 8, outer IP 20 or 40 (RFC 7348). */
  public static int tunnelOverhead(IpFamily outer) {
    return switch (outer) {
      case IPV4 -> 50;
      case IPV6 -> 70;
    };
  }

  public NodeView {
    peers = peers.stream().sorted(Comparator.comparing(Node::name)).toList();
    pods = List.copyOf(pods);
  }

  /** The same view with other peers. */
  public NodeView withPeers(List<Node> others) {
    return new NodeView(configuration, self, underlay, others, pods);
  }

  /** The transports that can carry packets to a peer, the preferred one first. */
  public List<Transport> usableTransports(Node peer) {
    Set<Transport> usable = EnumSet.noneOf(Transport.class);
    TransportPolicy policy = configuration.transport();
    // A foreign node is known by its tunnel end point alone: whether it takes bare packets is not.
    boolean onLink =
        peer.kind() == NodeKind.AGENT
            && peer.publicAddresses().stream().anyMatch(underlay::isOnLink)
            && !directRoutes(peer).isEmpty();
    if (policy != TransportPolicy.VXLAN && onLink) {
      usable.add(Transport.DIRECT);
    }
    if (policy != TransportPolicy.DIRECT && tunnelAddress(peer).isPresent()) {
      usable.add(Transport.VXLAN);
    }
    return List.copyOf(usable);
  }

  /** The transport that carries pod packets to a peer, or empty where none can. */
  public Optional<Transport> chosenTransport(Node peer) {
    return usableTransports(peer).stream().findFirst();
  }

  /** Why that transport, or why none, as a clause for people. */
  public String transportReason(Node peer) {
    Optional<Transport> chosen = chosenTransport(peer);
    if (chosen.isEmpty()) {
      if (configuration.transport() == TransportPolicy.DIRECT && peer.kind() == NodeKind.FOREIGN) {
        return peer.name() + " is reached by VXLAN alone; use transport auto or vxlan";
      }
      return configuration.transport() == TransportPolicy.DIRECT
          ? peer.name()
              + " is in another subnet: direct routing cannot reach it; use transport auto"
          : peer.name() + " has no " + underlay.tunnelFamily() + " address for the tunnel";
    }
    return switch (chosen.get()) {
      case DIRECT -> "same subnet on " + underlay.interfaceName();
      case VXLAN ->
          configuration.transport() == TransportPolicy.VXLAN
              ? "the configuration says vxlan"
              : peer.kind() == NodeKind.FOREIGN ? "no Naru agent runs there" : "another subnet";
    };
  }

  /** Where the tunnel's packets for a peer go. */
  public Optional<IpAddress> tunnelAddress(Node peer) {
    return peer.publicAddress(underlay.tunnelFamily());
  }

  /**
   * A peer's address inside the tunnel: the gateway of the routes to its pods. In IPv4 it is the
   * block's own address. In IPv6 it is the link-local one of the peer's VTEP (EUI-64, RFC 4291
   * appendix A): any other gateway the kernel looks up in the main table, whatever table the route
   * is for, and refuses where that leads elsewhere, as while direct routing is chosen
   * (ip6_route_check_nh_onlink of net/ipv6/route.c).
   */
  static IpAddress tunnelGateway(Node peer, Prefix podCidr) {
    return switch (podCidr.family()) {
      case IPV4 -> podCidr.address();
      case IPV6 -> {
        byte[] mac = peer.vtepMac().toBytes();
        byte[] address = new byte[16];
        address[0] = (byte) 0xfe;
        address[1] = (byte) 0x80;
        System.arraycopy(mac, 0, address, 8, 3);
        address[8] ^= 0x02;
        address[11] = (byte) 0xff;
        address[12] = (byte) 0xfe;
        System.arraycopy(mac, 3, address, 13, 3);
        yield IpAddress.ofBytes(address);
      }
    };
  }

  /** The families in which both nodes have a pod CIDR and an underlay address on one link. */
  public List<Prefix> directRoutes(Node peer) {
    return peer.podCidrs().stream()
        .filter(cidr -> peer.publicAddress(cidr.family()).filter(underlay::isOnLink).isPresent())
        .toList();
  }

  /** The pods' MTU in bytes: what every transport that may be used can carry. */
  public int podMtu() {
    return configuration
        .mtu()
        .orElseGet(
            () ->
                switch (configuration.transport()) {
                  case AUTO, VXLAN -> tunnelMtu();
                  case DIRECT -> underlay.mtu();
                });
  }

  /** What the tunnel leaves of the underlay's MTU, in bytes. */
  public int tunnelMtu() {
    return underlay.mtu() - tunnelOverhead(underlay.tunnelFamily());
  }

  /** The peer of that name; in a time that does not grow with their number, but for its log. */
  public Optional<Node> peer(NodeName name) {
    int low = 0;
    int high = peers.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = peers.get(middle).name().compareTo(name);
      if (order == 0) {
        return Optional.of(peers.get(middle));
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /** The node's own address in a block of pods: the first after the block's own; its gateway. */
  public static InterfaceAddress gateway(Prefix podCidr) {
    IpAddress first = podCidr.address().plus(1);
    return new InterfaceAddress(first, first.family().bits());
  }
}

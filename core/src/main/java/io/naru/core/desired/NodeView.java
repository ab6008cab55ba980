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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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

  /** The same view in which these peers, and no others, are as they are there, or are not. */
  public NodeView withChanged(List<Node> newest, Set<NodeName> names) {
    return withPeers(
        Stream.concat(
                peers.stream().filter(peer -> !names.contains(peer.name())),
                newest.stream().filter(peer -> names.contains(peer.name())))
            .toList());
  }

  /**
   * The transports that can carry packets to a peer, the preferred one first. Where the choice is
   * free, direct routes must carry all that both nodes' pods speak: a pair has one transport.
   */
  public List<Transport> usableTransports(Node peer) {
    List<Prefix> shared = sharedPodCidrs(peer);
    if (shared.isEmpty()) {
      return List.of();
    }
    // A foreign node is known by its tunnel end point alone: whether it takes bare packets is not.
    int direct = peer.kind() == NodeKind.AGENT ? directRoutes(peer).size() : 0;
    boolean tunnel = tunnelAddress(peer).isPresent();
    Set<Transport> usable = EnumSet.noneOf(Transport.class);
    switch (configuration.transport()) {
      case AUTO -> {
        if (direct == shared.size() || (direct > 0 && !tunnel)) {
          usable.add(Transport.DIRECT);
        }
      }
      case DIRECT -> {
        if (direct > 0) {
          usable.add(Transport.DIRECT);
        }
      }
      case VXLAN -> {
        // Direct routes are not wanted.
      }
    }
    if (configuration.transport() != TransportPolicy.DIRECT && tunnel) {
      usable.add(Transport.VXLAN);
    }
    return List.copyOf(usable);
  }

  /**
   * Whether some peer can be reached by more than one transport, so that marks must tell probes'
   * ways apart. Rules by mark cost every packet of the host a slower route lookup
   * (fib_has_custom_rules of include/net/ip_fib.h).
   */
  boolean hasTransportsSideBySide() {
    return configuration.transport() == TransportPolicy.AUTO
        && peers.stream().anyMatch(this::isReachedSideBySide);
  }

  private boolean isReachedSideBySide(Node peer) {
    return usableTransports(peer).size() > 1;
  }

  /**
   * Whether the kernel can go from what another view wants to what this one does by a change of
   * these peers' entries alone; in no other peers do the views differ.
   */
  public boolean differsInPeersAlone(NodeView other, Set<NodeName> names) {
    boolean sideBySide = names.stream().anyMatch(this::isReachedSideBySide);
    return configuration.equals(other.configuration)
        && (sideBySide == names.stream().anyMatch(other::isReachedSideBySide)
            || peers.stream()
                .anyMatch(peer -> !names.contains(peer.name()) && isReachedSideBySide(peer)))
        && FilterScript.sameTable(this, other);
  }

  private boolean isReachedSideBySide(NodeName name) {
    return peer(name).filter(this::isReachedSideBySide).isPresent();
  }

  /** The transport that carries pod packets to a peer, or empty where none can. */
  public Optional<Transport> chosenTransport(Node peer) {
    return usableTransports(peer).stream().findFirst();
  }

  /** Why that transport, or why none, as a clause for people. */
  public String transportReason(Node peer) {
    return TransportReason.of(this, peer);
  }

  /** The family of this node's outer tunnel packets: the configured one where the node has it. */
  public IpFamily tunnelFamily() {
    IpFamily wanted = configuration.tunnelFamily();
    return underlay.address(wanted).isPresent() ? wanted : wanted.other();
  }

  /** The family of a peer's outer tunnel packets, by the same rule. */
  IpFamily tunnelFamily(Node peer) {
    IpFamily wanted = configuration.tunnelFamily();
    return peer.publicAddress(wanted).isPresent() ? wanted : wanted.other();
  }

  /**
   * Where the tunnel's packets for a peer go. A VXLAN device speaks one outer family, so both ends
   * must speak the same.
   */
  public Optional<IpAddress> tunnelAddress(Node peer) {
    IpFamily family = tunnelFamily();
    return tunnelFamily(peer) == family ? peer.publicAddress(family) : Optional.empty();
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

  /** The peer's pod CIDRs of families in which this node has pods too. */
  public List<Prefix> sharedPodCidrs(Node peer) {
    List<Prefix> shared = new ArrayList<>(peer.podCidrs().size());
    for (Prefix cidr : peer.podCidrs()) {
      if (self.podCidr(cidr.family()).isPresent()) {
        shared.add(cidr);
      }
    }
    return shared;
  }

  /** Those of the shared pod CIDRs that can be reached without a tunnel. */
  public List<Prefix> directRoutes(Node peer) {
    return sharedPodCidrs(peer).stream()
        .filter(cidr -> directGateway(peer, cidr).isPresent())
        .toList();
  }

  /**
   * The peer's address on this node's own link, by which a direct route to its pods goes: one of
   * the pods' family, or for IPv4 pods also an IPv6 one (RFC 8950). The kernel has no IPv6 routes
   * by IPv4 gateways.
   */
  Optional<IpAddress> directGateway(Node peer, Prefix podCidr) {
    Optional<IpAddress> same = onLink(peer, podCidr.family());
    return switch (podCidr.family()) {
      case IPV4 -> same.or(() -> onLink(peer, IpFamily.IPV6));
      case IPV6 -> same;
    };
  }

  private Optional<IpAddress> onLink(Node peer, IpFamily family) {
    return peer.publicAddress(family).filter(underlay::isOnLink);
  }

  /** The shared pod CIDRs that a transport carries to a peer. */
  public List<Prefix> carried(Node peer, Transport transport) {
    return switch (transport) {
      case DIRECT -> directRoutes(peer);
      case VXLAN -> sharedPodCidrs(peer);
    };
  }

  /** The pods' MTU in bytes: what every transport that may be used can carry. */
  public int podMtu() {
    return configuration
        .mtu()
        .orElseGet(
            () ->
                switch (configuration.transport()) {
                  case AUTO, VXLAN -> tunnelMtu();
                  case DIRECT -> Math.max(underlay.mtu(), leastMtu());
                });
  }

  /**
   * What the tunnel leaves of the underlay's MTU, in bytes; never less than a link must have. On a
   * smaller one the kernel would take IPv6 away, addresses and all.
   */
  public int tunnelMtu() {
    return Math.max(underlay.mtu() - tunnelOverhead(tunnelFamily()), leastMtu());
  }

  /** RFC 8200 section 5, RFC 791 section 3.1. */
  private int leastMtu() {
    return self.podCidr(IpFamily.IPV6).isPresent() ? 1280 : 576;
  }

  /** A sentence where the underlay's MTU is too small for pods. */
  public Optional<String> mtuProblem() {
    int overhead =
        configuration.transport() == TransportPolicy.DIRECT ? 0 : tunnelOverhead(tunnelFamily());
    return underlay.mtu() - overhead >= leastMtu()
        ? Optional.empty()
        : Optional.of(
            ("the MTU of %s is %d, and pods need %d of it: full-size packets are fragmented or lost;"
                    + " raise it with: ip link set %s mtu 1500")
                .formatted(
                    underlay.interfaceName(),
                    underlay.mtu(),
                    leastMtu() + overhead,
                    underlay.interfaceName()));
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

  /** Where this node's agent answers names: of the families that its pods have. */
  public List<IpAddress> dnsAddresses() {
    return configuration.services().dns()
        ? configuration.services().dnsAddresses().stream()
            .filter(address -> self.podCidr(address.family()).isPresent())
            .toList()
        : List.of();
  }

  /** The node's own address in a block of pods: the first after the block's own; its gateway. */
  public static InterfaceAddress gateway(Prefix podCidr) {
    IpAddress first = podCidr.address().plus(1);
    return new InterfaceAddress(first, first.family().bits());
  }
}

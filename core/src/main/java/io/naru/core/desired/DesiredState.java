package io.naru.core.desired;

import static io.naru.core.state.RouteTables.MAIN;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.path.Transport;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelEntry.DeviceAddress;
import io.naru.core.state.KernelEntry.ForeignAccept;
import io.naru.core.state.KernelEntry.HostEndLink;
import io.naru.core.state.KernelEntry.MarkRule;
import io.naru.core.state.KernelEntry.NeighbourEntry;
import io.naru.core.state.KernelEntry.RouteEntry;
import io.naru.core.state.KernelEntry.Setting;
import io.naru.core.state.KernelEntry.TunnelDevice;
import io.naru.core.state.KernelEntry.TunnelForward;
import io.naru.core.state.KernelState;
import io.naru.core.state.RouteTables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes what a node's kernel should hold. A function: the same view gives the same state. */
public final class DesiredState {
  /** The name of the node's VXLAN device. */
  public static final String TUNNEL = "naru-vxlan";

  private final NodeView view;
  private final HostFacts host;
  private final List<KernelEntry> entries = new ArrayList<>();
  private final Map<CounterSet, String> counterNames = new HashMap<>();

  private DesiredState(NodeView view, HostFacts host) {
    this.view = view;
    this.host = host;
  }

  public static KernelState of(NodeView view, HostFacts host) {
    DesiredState desired = new DesiredState(view, host);
    desired.tunnel();
    desired.settings();
    desired.rules();
    view.peers().forEach(desired::peer);
    view.pods().forEach(desired::pod);
    desired.filters();
    return KernelState.of(desired.entries);
  }

  /** The entries of these peers alone, those that the view knows. */
  public static KernelState ofPeers(NodeView view, Collection<NodeName> names) {
    DesiredState desired = new DesiredState(view, HostFacts.NONE);
    names.forEach(name -> view.peer(name).ifPresent(desired::peer));
    return KernelState.of(desired.entries);
  }

  private void tunnel() {
    InterfaceAddress local = view.underlay().address(view.tunnelFamily()).orElseThrow();
    entries.add(
        new TunnelDevice(
            TUNNEL,
            view.self().vtepMac(),
            view.configuration().vni(),
            view.configuration().vxlanPort(),
            local.address(),
            view.underlay().interfaceName(),
            view.tunnelMtu(),
            true));
    for (Prefix cidr : view.self().podCidrs()) {
      entries.add(new DeviceAddress(TUNNEL, NodeView.gateway(cidr), false));
      entries.add(RouteEntry.unreachable(MAIN, cidr));
    }
    for (IpAddress names : view.dnsAddresses()) {
      // Else what is masqueraded could leave with it, and no answer would come to this node.
      entries.add(
          new DeviceAddress(TUNNEL, new InterfaceAddress(names, names.family().bits()), true));
    }
    // A packet for a pod CIDR that no node holds must not leave by the host's default route.
    view.configuration().clusterCidrs().stream()
        .filter(cidr -> view.self().podCidr(cidr.family()).isPresent())
        .forEach(cidr -> entries.add(RouteEntry.unreachable(MAIN, cidr)));
  }

  private void settings() {
    for (Prefix cidr : view.self().podCidrs()) {
      switch (cidr.family()) {
        case IPV4 -> {
          entries.add(new Setting("net/ipv4/ip_forward", "1", Optional.empty()));
          // The way back may be another transport's: a strict check would drop such packets.
          entries.add(loose(TUNNEL, Optional.of(TUNNEL)));
          String parent = view.underlay().interfaceName();
          if (host.strictReversePath().contains("all")
              || host.strictReversePath().contains(parent)) {
            entries.add(loose(parent, Optional.empty()));
          }
        }
        case IPV6 -> {
          // A host that forwards listens to routers only where accept_ra is 2; without this, its
          // own routes would run out.
          String nic = view.underlay().interfaceName();
          host.routerAdvertisements().stream()
              .filter(name -> name.equals(nic) || host.advertisedRoutes().contains(name))
              .map(
                  name ->
                      new Setting("net/ipv6/conf/" + name + "/accept_ra", "2", Optional.empty()))
              .forEach(entries::add);
          entries.add(new Setting("net/ipv6/conf/all/forwarding", "1", Optional.empty()));
          // Some hosts switch IPv6 off for every new interface.
          entries.add(
              new Setting("net/ipv6/conf/" + TUNNEL + "/disable_ipv6", "0", Optional.of(TUNNEL)));
          entries.add(
              new Setting("net/ipv6/conf/" + TUNNEL + "/accept_ra", "0", Optional.of(TUNNEL)));
        }
      }
    }
  }

  private static Setting loose(String name, Optional<String> device) {
    return new Setting("net/ipv4/conf/" + name + "/rp_filter", "2", device);
  }

  private void rules() {
    if (!view.hasTransportsSideBySide()) {
      return;
    }
    for (Prefix cidr : view.self().podCidrs()) {
      for (Transport transport : Transport.values()) {
        entries.add(
            new MarkRule(
                cidr.family(),
                RouteTables.RULE_PRIORITY,
                RouteTables.mark(transport),
                RouteTables.MARK_MASK,
                RouteTables.table(transport)));
      }
    }
  }

  private void peer(Node peer) {
    List<Transport> usable = view.usableTransports(peer);
    for (int i = 0; i < usable.size(); i++) {
      Transport transport = usable.get(i);
      if (usable.size() > 1) { // where there is one, its route in the main table serves probes too
        routes(peer, transport, RouteTables.table(transport));
      }
      if (i == 0) { // the preferred one carries the pods' packets
        routes(peer, transport, MAIN);
      }
      if (transport == Transport.VXLAN) {
        IpAddress remote = view.tunnelAddress(peer).orElseThrow();
        entries.add(new TunnelForward(TUNNEL, peer.vtepMac(), remote));
        for (Prefix cidr : view.sharedPodCidrs(peer)) {
          entries.add(
              new NeighbourEntry(TUNNEL, NodeView.tunnelGateway(peer, cidr), peer.vtepMac()));
        }
      }
    }
    entries.addAll(CounterSets.elements(view, peer, usable, counterNames));
  }

  private void routes(Node peer, Transport transport, int table) {
    switch (transport) {
      case DIRECT -> {
        for (Prefix cidr : view.directRoutes(peer)) {
          IpAddress gateway = view.directGateway(peer, cidr).orElseThrow();
          entries.add(route(table, cidr, gateway, view.underlay().interfaceName(), false));
        }
      }
      case VXLAN -> {
        for (Prefix cidr : view.sharedPodCidrs(peer)) {
          entries.add(route(table, cidr, NodeView.tunnelGateway(peer, cidr), TUNNEL, true));
        }
      }
    }
  }

  private RouteEntry route(
      int table, Prefix destination, IpAddress gateway, String out, boolean onlink) {
    IpFamily family = destination.family();
    return new RouteEntry(
        table,
        destination,
        Optional.of(gateway),
        Optional.of(out),
        onlink,
        view.self().podCidr(family).map(cidr -> NodeView.gateway(cidr).address()));
  }

  private void pod(LocalPod pod) {
    if (!host.interfaces().contains(pod.hostInterface())) {
      return; // its namespace is gone; the runtime's DEL releases the rest
    }
    String end = pod.hostInterface();
    pod.link().ifPresent(link -> entries.add(new HostEndLink(end, link.mac(), link.mtu(), true)));
    for (IpAddress address : pod.addresses()) {
      entries.add(strict(end, address.family()));
      entries.add(
          new RouteEntry(
              MAIN,
              address.toPrefix(),
              Optional.empty(),
              Optional.of(pod.hostInterface()),
              false,
              Optional.empty()));
      entries.add(new NeighbourEntry(pod.hostInterface(), address, pod.mac()));
    }
  }

  /** From a pod only its own packets are taken, and no advertisements of routers. */
  private static Setting strict(String hostEnd, IpFamily family) {
    return switch (family) {
      case IPV4 ->
          new Setting("net/ipv4/conf/" + hostEnd + "/rp_filter", "1", Optional.of(hostEnd));
      case IPV6 ->
          new Setting("net/ipv6/conf/" + hostEnd + "/accept_ra", "0", Optional.of(hostEnd));
    };
  }

  private void filters() {
    entries.add(FilterScript.table(view, host));
    for (HostFacts.ForeignChain chain : host.droppingChains()) {
      List<String> rules = AcceptRules.of(view, chain);
      if (!rules.isEmpty()) {
        entries.add(
            new ForeignAccept(
                chain.family(),
                chain.table(),
                chain.chain(),
                chain.hook(),
                String.join(", ", rules)));
      }
    }
  }
}

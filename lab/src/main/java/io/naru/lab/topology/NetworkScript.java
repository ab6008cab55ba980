package io.naru.lab.topology;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** The commands for {@code ip -batch} that make a lab's links, addresses and routes. */
public final class NetworkScript {
  private NetworkScript() {}

  /** Makes network namespaces; run it in the host's. */
  public static String addNamespaces(List<String> namespaces) {
    return script(namespaces.stream().map(name -> "netns add " + name).toList());
  }

  /** Removes network namespaces; run it in the host's. */
  public static String removeNamespaces(List<String> namespaces) {
    return script(namespaces.stream().map(name -> "netns del " + name).toList());
  }

  /** The bridges, a port for each node, and the link to the world; run it in the fabric. */
  public static String fabric(Topology topology) {
    List<String> lines = new ArrayList<>();
    lines.add("link set lo up");
    for (Subnet subnet : topology.subnets()) {
      // Multicast snooping without a querier may lose neighbour discovery.
      lines.add(
          "link add name %s address %s type bridge forward_delay 0 mcast_snooping 0"
              .formatted(subnet.bridge(), subnet.mac()));
      lines.add("link set " + subnet.bridge() + " up");
      addAddresses(lines, subnet.gateways(), subnet.bridge());
    }
    for (LabNode node : topology.nodes()) {
      lines.add(
          "link add name %s type veth peer name %s address %s netns %s"
              .formatted(node.name(), LabNode.UNDERLAY_INTERFACE, node.mac(), node.namespace()));
      lines.add("link set " + node.name() + " master " + node.subnet().bridge());
      lines.add("link set " + node.name() + " up");
    }
    lines.add(
        "link add name world type veth peer name eth0 netns %s"
            .formatted(topology.worldNamespace()));
    lines.add("link set world up");
    addAddresses(lines, Topology.WORLD_GATEWAYS, "world");
    return script(lines);
  }

  /**
   * The underlay interface of a node as a network manager sets it up; may run again at any time.
   */
  public static String node(LabNode node) {
    List<String> lines = new ArrayList<>();
    lines.add("link set lo up");
    lines.add("link set " + LabNode.UNDERLAY_INTERFACE + " up");
    addAddresses(lines, node.addresses(), LabNode.UNDERLAY_INTERFACE);
    for (InterfaceAddress gateway : node.subnet().gateways()) {
      lines.add(
          "route replace default via %s dev %s"
              .formatted(gateway.address(), LabNode.UNDERLAY_INTERFACE));
    }
    return script(lines);
  }

  /** Takes a node's underlay interface down and up again, which loses addresses and routes. */
  public static String flap() {
    return script(
        List.of(
            "link set " + LabNode.UNDERLAY_INTERFACE + " down",
            "link set " + LabNode.UNDERLAY_INTERFACE + " up"));
  }

  /**
   * Bounds how many segments a node hands to its underlay interface as one packet. With 1, packets
   * enter the fabric at the size they would have on a wire.
   */
  public static String segmentsPerPacket(int most) {
    return script(List.of("link set " + LabNode.UNDERLAY_INTERFACE + " gso_max_segs " + most));
  }

  /** The host outside the cluster: it knows the way to the underlay, and none to the pods. */
  public static String world(Topology topology) {
    List<String> lines = new ArrayList<>();
    lines.add("link set lo up");
    lines.add("link set eth0 up");
    addAddresses(lines, Topology.WORLD, "eth0");
    for (Subnet subnet : topology.subnets()) {
      for (InterfaceAddress gateway : subnet.gateways()) {
        lines.add(
            "route replace %s via %s dev eth0".formatted(gateway.prefix(), worldGateway(gateway)));
      }
    }
    return script(lines);
  }

  private static IpAddress worldGateway(InterfaceAddress ofSubnet) {
    return Topology.WORLD_GATEWAYS.get(ofSubnet.address().isIpv4() ? 0 : 1).address();
  }

  private static void addAddresses(
      List<String> lines, List<InterfaceAddress> addresses, String link) {
    for (InterfaceAddress address : addresses) {
      // The lab knows its addresses to be unique: without detection they work at once.
      String nodad = address.address().isIpv6() ? " nodad" : "";
      lines.add("address replace %s dev %s%s".formatted(address, link, nodad));
    }
  }

  private static String script(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}

package io.naru.lab.topology;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Everything of a lab that follows from its specification: names and addresses.
 *
 * @param spec the specification
 * @param subnets the underlay's subnets
 * @param nodes the nodes, in the order of their numbers
 */
public record Topology(LabSpec spec, List<Subnet> subnets, List<LabNode> nodes) {
  /** The host outside the cluster. */
  public static final List<InterfaceAddress> WORLD =
      List.of(
          InterfaceAddress.parse("198.51.100.10/24"),
          InterfaceAddress.parse("2001:db8:100::10/64"));

  /** The fabric's own addresses on the link to the world. */
  static final List<InterfaceAddress> WORLD_GATEWAYS =
      List.of(
          InterfaceAddress.parse("198.51.100.1/24"), InterfaceAddress.parse("2001:db8:100::1/64"));

  /** Hosts below this number are left to gateways and to ports that are not the lab's. */
  private static final int FIRST_HOST = 10;

  public Topology {
    subnets = List.copyOf(subnets);
    nodes = List.copyOf(nodes);
  }

  public static Topology of(LabSpec spec) {
    List<Subnet> subnets =
        IntStream.range(0, spec.subnets())
            .mapToObj(s -> Subnet.of(s, spec.underlayFamilies()))
            .toList();
    List<LabNode> nodes =
        IntStream.rangeClosed(1, spec.nodes()).mapToObj(i -> node(spec, subnets, i)).toList();
    return new Topology(spec, subnets, nodes);
  }

  private static LabNode node(LabSpec spec, List<Subnet> subnets, int number) {
    Subnet subnet = subnets.get((number - 1) % subnets.size());
    int host = FIRST_HOST + number;
    String name = "node" + number;
    return new LabNode(
        number,
        name,
        spec.name() + "-" + name,
        subnet,
        Subnet.addresses(subnet.index(), host, spec.underlayFamilies()),
        Subnet.hardwareAddress(Subnet.address4(subnet.index(), host)));
  }

  /** The node of that name. */
  public LabNode node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.NOT_FOUND,
                    "the lab '"
                        + spec.name()
                        + "' has no node '"
                        + name
                        + "'; its nodes are node1 to node"
                        + nodes.size()));
  }

  public String fabricNamespace() {
    return spec.name() + "-fabric";
  }

  public String worldNamespace() {
    return spec.name() + "-world";
  }

  public String podNamespace(String pod) {
    return spec.name() + "-pod-" + pod;
  }

  /** Every namespace but the pods'; the fabric's first. */
  public List<String> namespaces() {
    return Stream.concat(
            Stream.of(fabricNamespace(), worldNamespace()), nodes.stream().map(LabNode::namespace))
        .toList();
  }

  /** The families that the underlay speaks. */
  public List<IpFamily> families() {
    return spec.underlayFamilies().all();
  }

  /** Where the cluster's server listens: the first subnet's gateway. */
  public List<IpAddress> serverAddresses() {
    return subnets.getFirst().gateways().stream().map(InterfaceAddress::address).toList();
  }
}

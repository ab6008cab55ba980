package io.naru.lab.topology;

import io.naru.core.address.IpFamily;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the user asked a lab to be.
 *
 * @param name first part of the names of its namespaces: lower-case letters, digits and '-', at
 *     most 20 characters
 * @param nodes number of nodes, 1 to 200
 * @param subnets number of underlay subnets, 1 to {@code nodes}
 * @param ipv6 whether nodes and pods have IPv6 beside IPv4
 * @param transport {@code auto}, {@code vxlan} or {@code direct}
 * @param datapath {@code auto} or {@code kernel}
 * @param firewall the security group of every node
 * @param underlay the families of the nodes' addresses, if {@code ipv6} does not say it all
 * @param pods the families of the pods' addresses; without it those of {@code ipv6}, and both where
 *     nodes have IPv6
 * @param settings of the network's configuration, beside what the lab says itself
 */
public record LabSpec(
    String name,
    int nodes,
    int subnets,
    boolean ipv6,
    String transport,
    String datapath,
    FirewallPolicy firewall,
    Optional<Families> underlay,
    Optional<Families> pods,
    Map<String, Object> settings) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?");
  private static final int MOST_NODES = 200;
  private static final List<String> TRANSPORTS = List.of("auto", "vxlan", "direct");
  private static final List<String> DATAPATHS = List.of("auto", "kernel");

  public LabSpec {
    settings = Map.copyOf(settings);
    if (!NAME.matcher(name).matches()) {
      throw refused(
          "'"
              + name
              + "' cannot name a lab; use 1 to 20 lower-case letters, digits and '-', like naru-2");
    }
    if (nodes < 1 || nodes > MOST_NODES) {
      throw refused("a lab has 1 to " + MOST_NODES + " nodes, not " + nodes);
    }
    if (subnets < 1 || subnets > nodes) {
      throw refused(
          "%d nodes can be spread over 1 to %d subnets, not over %d"
              .formatted(nodes, nodes, subnets));
    }
    if (!TRANSPORTS.contains(transport)) {
      throw refused("'" + transport + "' is no transport; use one of " + TRANSPORTS);
    }
    if (!DATAPATHS.contains(datapath)) {
      throw refused(
          "there is no data path '"
              + datapath
              + "': this version has the kernel's data path only; use auto or kernel");
    }
  }

  /** A lab whose nodes and pods have the same families. */
  public LabSpec(
      String name,
      int nodes,
      int subnets,
      boolean ipv6,
      String transport,
      String datapath,
      FirewallPolicy firewall) {
    this(
        name,
        nodes,
        subnets,
        ipv6,
        transport,
        datapath,
        firewall,
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  /** The same lab with these settings of the network's configuration. */
  public LabSpec with(Map<String, Object> others) {
    return new LabSpec(
        name, nodes, subnets, ipv6, transport, datapath, firewall, underlay, pods, others);
  }

  /** The families of the nodes' own addresses. */
  public Families underlayFamilies() {
    return underlay.orElse(ipv6 ? Families.DUAL : Families.IPV4);
  }

  /** The families of the pods' addresses. */
  public Families podFamilies() {
    boolean any = ipv6 || underlayFamilies().has(IpFamily.IPV6);
    return pods.orElse(any ? Families.DUAL : Families.IPV4);
  }

  private static NaruException refused(String sentence) {
    return new NaruException(ErrorCode.BAD_INPUT, sentence);
  }
}

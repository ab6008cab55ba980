package io.naru.lab.topology;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the user asked a lab to be.
 *
 * @param name first part of the names of its namespaces: lower-case letters, digits and '-', at
 *     most 20 characters
 * @param nodes number of nodes, 1 to 200
 * @param subnets number of underlay subnets, 1 to {@code nodes}
 * @param underlay the families of the nodes' own addresses
 * @param pods the families of the pods' addresses
 * @param transport {@code auto}, {@code vxlan} or {@code direct}
 * @param datapath {@code auto} or {@code kernel}
 * @param firewall the security group of every node
 */
public record LabSpec(
    String name,
    int nodes,
    int subnets,
    Families underlay,
    Families pods,
    String transport,
    String datapath,
    FirewallPolicy firewall) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?");
  private static final int MOST_NODES = 200;
  private static final List<String> TRANSPORTS = List.of("auto", "vxlan", "direct");
  private static final List<String> DATAPATHS = List.of("auto", "kernel");

  public LabSpec {
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

  /**
   * A lab whose underlay and pods have the same families.
   *
   * @param ipv6 whether both have IPv6 beside IPv4
   */
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
        ipv6 ? Families.DUAL : Families.IPV4,
        ipv6 ? Families.DUAL : Families.IPV4,
        transport,
        datapath,
        firewall);
  }

  private static NaruException refused(String sentence) {
    return new NaruException(ErrorCode.BAD_INPUT, sentence);
  }
}

package io.naru.doctor.audit;

import io.naru.core.address.IpAddress;
import java.util.List;
import java.util.Set;

/**
 * What an audit looks for.
 *
 * @param network name of the network, for people
 * @param needs what must pass
 * @param nodeGroups security groups of nodes; where empty they are inferred
 * @param nodeAddresses the nodes' addresses in the underlay, as far as they are known
 */
public record AuditOptions(
    String network, List<Need> needs, List<String> nodeGroups, Set<IpAddress> nodeAddresses) {
  public AuditOptions {
    needs = List.copyOf(needs);
    nodeGroups = List.copyOf(nodeGroups);
    nodeAddresses = Set.copyOf(nodeAddresses);
  }

  /** All needs of a network, and nothing known of the nodes. */
  public static AuditOptions of(Network network) {
    return new AuditOptions(network.toString(), network.needs(), List.of(), Set.of());
  }

  /** The same for these nodes. */
  public AuditOptions withNodes(List<String> groups, Set<IpAddress> addresses) {
    return new AuditOptions(network, needs, groups, addresses);
  }
}

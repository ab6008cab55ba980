package io.naru.lab;

import io.naru.core.address.IpAddress;
import io.naru.lab.topology.FirewallPolicy;
import java.util.List;
import java.util.Optional;

/**
 * What stands of a lab right now.
 *
 * @param name the lab's name
 * @param nodes in the order of their numbers
 * @param pods by name
 * @param faults in the order in which they were injected
 * @param firewall the security group's policy
 * @param denied packets that the security group refused
 * @param world the host outside the cluster
 * @param server the cluster's server
 */
public record LabStatus(
    String name,
    List<NodeStatus> nodes,
    List<PodStatus> pods,
    List<FaultStatus> faults,
    FirewallPolicy firewall,
    long denied,
    WorldStatus world,
    ServerStatus server) {
  public LabStatus {
    nodes = List.copyOf(nodes);
    pods = List.copyOf(pods);
    faults = List.copyOf(faults);
  }

  /**
   * @param name the node's name
   * @param namespace its network namespace
   * @param subnet the bridge it is on
   * @param addresses of its underlay interface
   * @param running whether its first process lives
   * @param agent whether its agent answers
   */
  public record NodeStatus(
      String name,
      String namespace,
      String subnet,
      List<IpAddress> addresses,
      boolean running,
      boolean agent) {}

  /**
   * @param name the pod's name
   * @param namespace its network namespace
   * @param node where it is
   * @param addresses what the CNI plugin gave it; empty while it is being wired
   * @param cgroup directory of its control group
   * @param running whether its first process lives
   */
  public record PodStatus(
      String name,
      String namespace,
      String node,
      List<IpAddress> addresses,
      String cgroup,
      boolean running) {}

  /**
   * @param fault the fault's id
   * @param title what is wrong, in a few words
   * @param from sending node, or empty for any
   * @param to receiving node, or empty for any
   * @param hits packets that it dropped since it was injected
   */
  public record FaultStatus(
      String fault, String title, Optional<String> from, Optional<String> to, long hits) {}

  /**
   * @param namespace its network namespace
   * @param addresses its own
   * @param standing whether the namespace exists
   */
  public record WorldStatus(String namespace, List<IpAddress> addresses, boolean standing) {}

  /**
   * @param addresses where nodes reach it
   * @param port TCP
   * @param running whether it answers
   */
  public record ServerStatus(List<IpAddress> addresses, int port, boolean running) {}
}

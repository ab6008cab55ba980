package io.naru.doctor.files;

import io.naru.core.address.IpAddress;
import io.naru.core.path.VxlanPort;
import io.naru.doctor.audit.Network;
import io.naru.doctor.compare.ComparisonOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a person may tell beside the files.
 *
 * @param network whose ports must be open; else it is told from the captures, or Naru
 * @param nodeGroups security groups of nodes; where empty they are inferred
 * @param vxlanPorts UDP ports that carry VXLAN
 * @param nodes what is known of the nodes by name
 */
public record FilesOptions(
    Optional<Network> network,
    List<String> nodeGroups,
    Set<Integer> vxlanPorts,
    ComparisonOptions nodes) {
  /** Nothing. */
  public static final FilesOptions NONE =
      new FilesOptions(Optional.empty(), List.of(), VxlanPort.USUAL, ComparisonOptions.NONE);

  public FilesOptions {
    nodeGroups = List.copyOf(nodeGroups);
    vxlanPorts = Set.copyOf(vxlanPorts);
  }

  /** These ports are VXLAN's too. */
  public static Set<Integer> vxlanPorts(List<Integer> more) {
    Set<Integer> ports = new HashSet<>(VxlanPort.USUAL);
    ports.addAll(more);
    return Set.copyOf(ports);
  }

  /** All addresses of nodes that were given. */
  Set<IpAddress> allAddresses() {
    Set<IpAddress> all = new HashSet<>();
    nodes.addresses().values().forEach(all::addAll);
    return all;
  }
}

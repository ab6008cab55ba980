package io.naru.agent.loop;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.digest.Sha256;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.underlay.Underlay;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the user says about a node.
 *
 * @param interfaceName the underlay interface, if named
 * @param canReach an address that the underlay must lead to, if given
 * @param publicAddresses where peers reach the node, if that differs from the interface's addresses
 */
public record NodeIntent(
    NodeName name,
    Optional<String> interfaceName,
    Optional<IpAddress> canReach,
    List<IpAddress> publicAddresses) {
  public NodeIntent {
    publicAddresses = List.copyOf(publicAddresses);
  }

  /**
   * Checks that the cluster's addresses are not the underlay's too.
   *
   * @throws NaruException BAD_CONFIGURATION if they are
   */
  static void requireApart(NetworkConfiguration network, Underlay underlay) {
    for (Prefix cluster : network.clusterCidrs()) {
      for (Prefix subnet : underlay.subnets()) {
        if (cluster.overlaps(subnet)) {
          throw new NaruException(
              ErrorCode.BAD_CONFIGURATION,
              "clusterCidrs has "
                  + cluster
                  + ", which overlaps the underlay's "
                  + subnet
                  + " on "
                  + underlay.interfaceName()
                  + "; choose another block for pods");
        }
      }
    }
  }

  /** The node as it should be published. */
  public Node node(NetworkConfiguration network, Underlay underlay, List<Prefix> podCidrs) {
    List<IpAddress> reachable = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      publicAddresses.stream()
          .filter(address -> address.family() == family)
          .findFirst()
          .or(() -> underlay.address(family).map(a -> a.address()))
          .ifPresent(reachable::add);
    }
    return new Node(
        name,
        NodeKind.AGENT,
        underlay.addresses(),
        reachable,
        vtepMac(name),
        network.vni(),
        network.vxlanPort(),
        network.agentPort(),
        podCidrs);
  }

  /** Made of the name alone, so that it survives reboots, a new device, and systemd's policies. */
  static MacAddress vtepMac(NodeName name) {
    return MacAddress.locallyAdministered(
        ByteBuffer.wrap(Sha256.of("naru vtep " + name.text())).getLong());
  }
}

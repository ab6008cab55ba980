package io.naru.agent.pod;

import io.naru.agent.cni.NamesAnswered;
import io.naru.agent.ipam.LeaseBook.Block;
import io.naru.core.address.Prefix;
import io.naru.core.pod.AddressPool;
import java.util.List;

/**
 * What new pods of this node get.
 *
 * @param blocks the node's pod CIDRs with their gateways, at most one a family
 * @param mtu bytes
 * @param names where they may ask for names
 */
public record PodNetworkSettings(List<Block> blocks, int mtu, NamesAnswered names) {
  public PodNetworkSettings {
    blocks = List.copyOf(blocks);
  }

  /** Of a node that answers no names. */
  public PodNetworkSettings(List<Block> blocks, int mtu) {
    this(blocks, mtu, NamesAnswered.NOWHERE);
  }

  /** The same on a node that answers names. */
  public PodNetworkSettings with(NamesAnswered answered) {
    return new PodNetworkSettings(blocks, mtu, answered);
  }

  /** With the first host address of each pod CIDR as its gateway. */
  public static PodNetworkSettings of(List<Prefix> podCidrs, int mtu) {
    return new PodNetworkSettings(
        podCidrs.stream().map(cidr -> new Block(cidr, AddressPool.gateway(cidr))).toList(), mtu);
  }
}

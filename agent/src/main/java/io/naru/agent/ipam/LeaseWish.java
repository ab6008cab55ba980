package io.naru.agent.ipam;

import io.naru.agent.ipam.LeaseBook.Block;
import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AddressPool;
import io.naru.core.pod.AttachmentKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a new lease is made of.
 *
 * @param blocks where its addresses come from, one each
 * @param mtu bytes
 * @param addresses those that it must have, each of one of the blocks
 * @param mac of the pod's end; made of the key when empty
 */
public record LeaseWish(
    AttachmentKey key,
    String network,
    String netnsPath,
    List<Block> blocks,
    int mtu,
    Map<String, String> arguments,
    List<IpAddress> addresses,
    Optional<MacAddress> mac) {
  public LeaseWish {
    blocks = List.copyOf(blocks);
    arguments = Map.copyOf(arguments);
    addresses = List.copyOf(addresses);
  }

  /** For addresses of the book's choice. */
  public LeaseWish(
      AttachmentKey key,
      String network,
      String netnsPath,
      List<Block> blocks,
      int mtu,
      Map<String, String> arguments) {
    this(key, network, netnsPath, blocks, mtu, arguments, List.of(), Optional.empty());
  }

  /** The address that it must have of a block. */
  Optional<IpAddress> asked(Block block) {
    return addresses.stream().filter(block.cidr()::contains).findFirst();
  }

  /**
   * @throws NaruException BAD_CONFIGURATION for an address that no pod of this node can have
   */
  void requireServable() {
    Set<Block> used = new HashSet<>();
    for (IpAddress address : addresses) {
      Block block =
          blocks.stream()
              .filter(each -> each.cidr().contains(address))
              .findFirst()
              .orElseThrow(
                  () ->
                      refused(
                          address,
                          "is not in this node's pod CIDRs "
                              + blocks.stream().map(Block::cidr).toList()));
      if (!new AddressPool(block.cidr()).isUsable(address) || address.equals(block.gateway())) {
        throw refused(address, "is the network's own: its first, its gateway or its broadcast");
      }
      if (!used.add(block)) {
        throw refused(address, "is the second of " + block.cidr() + "; a pod has one of each");
      }
    }
  }

  private static NaruException refused(IpAddress address, String why) {
    return new NaruException(
        ErrorCode.BAD_CONFIGURATION,
        "the address " + address + " that the runtime asks for " + why + "; ask for another");
  }
}

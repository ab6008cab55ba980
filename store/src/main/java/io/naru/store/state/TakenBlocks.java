package io.naru.store.state;

import io.naru.core.address.Prefix;
import io.naru.core.cluster.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Blocks that do not overlap, and whose they are. Whether one more overlaps any of them is found in
 * a time that hardly grows with their number: only its two neighbours in the order can.
 */
final class TakenBlocks {
  private final TreeMap<Prefix, NodeName> owners = new TreeMap<>();

  /** The blocks of every node. */
  static TakenBlocks of(Map<NodeName, List<Prefix>> claims) {
    TakenBlocks taken = new TakenBlocks();
    claims.forEach((node, blocks) -> blocks.forEach(block -> taken.owners.put(block, node)));
    return taken;
  }

  void release(List<Prefix> blocks) {
    blocks.forEach(owners::remove);
  }

  /** Takes a block; where it overlaps another nothing is taken, and that one's owner returned. */
  Optional<NodeName> take(Prefix block, NodeName node) {
    Map.Entry<Prefix, NodeName> before = owners.floorEntry(block);
    if (before != null && before.getKey().overlaps(block)) {
      return Optional.of(before.getValue());
    }
    Map.Entry<Prefix, NodeName> after = owners.ceilingEntry(block);
    if (after != null && after.getKey().overlaps(block)) {
      return Optional.of(after.getValue());
    }
    owners.put(block, node);
    return Optional.empty();
  }
}

package io.naru.store.state;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds a free block among those of a cluster. */
final class FreeBlocks {
  private FreeBlocks() {}

  /** The lowest block of that length in the cluster's that overlaps none of the taken ones. */
  static Optional<Prefix> lowest(Prefix cluster, int length, Collection<Prefix> taken) {
    List<Prefix> inOrder =
        taken.stream().filter(block -> block.overlaps(cluster)).sorted().toList();
    long parts = cluster.parts(length);
    long candidate = 0;
    for (Prefix block : inOrder) {
      if (block.length() <= cluster.length()) {
        return Optional.empty();
      }
      if (candidate < index(cluster, length, block.address())) {
        break;
      }
      candidate = Math.max(candidate, index(cluster, length, block.last()) + 1);
    }
    return candidate < parts ? Optional.of(cluster.part(length, candidate)) : Optional.empty();
  }

  /** Which part of that length an address of the cluster is in. */
  private static long index(Prefix cluster, int length, IpAddress address) {
    int shift = cluster.family().bits() - length;
    return shifted(address, shift) - shifted(cluster.address(), shift);
  }

  private static long shifted(IpAddress address, int shift) {
    if (shift >= 64) {
      return address.high() >>> (shift - 64);
    }
    return shift == 0 ? address.low() : address.high() << (64 - shift) | address.low() >>> shift;
  }
}

package io.naru.core.pod;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses of a node's pod CIDR, and which one comes next. Not for pods: the block's first
 * address (RFC 4291, 2.6.1 for IPv6), the gateway after it, and IPv4's broadcast address. Of an
 * IPv6 block the first 2³² addresses serve: no node has more pods.
 */
public record AddressPool(Prefix cidr) {
  private static final long MOST = 1L << 32;

  /** Offset of the first address that a pod may have. */
  private static final long FIRST = 2;

  /** The pods' next hop: the first host address of a pod CIDR. */
  public static IpAddress gateway(Prefix cidr) {
    return cidr.address().plus(1);
  }

  public IpAddress gateway() {
    return gateway(cidr);
  }

  /** How many pods can have an address. */
  public long usable() {
    return Math.max(0, end() - FIRST);
  }

  /** Whether a pod may have this address. */
  public boolean isUsable(IpAddress address) {
    if (!cidr.contains(address)) {
      return false;
    }
    long offset = offset(address);
    return offset >= FIRST && offset < end();
  }

  /**
   * The next address after the last one given, so that one just freed rests a while: peers and
   * connections still know its old owner.
   *
   * @param last the address given last
   * @param taken addresses of pods; others than this block's do no harm
   * @throws NaruException EXHAUSTED when all are taken
   */
  public IpAddress next(Optional<IpAddress> last, Set<IpAddress> taken) {
    long usable = usable();
    long start = last.filter(this::isUsable).map(a -> offset(a) - FIRST + 1).orElse(0L);
    // Among taken + 1 different addresses one is free.
    long steps = Math.min(usable, taken.size() + 1L);
    for (long step = 0; step < steps; step++) {
      IpAddress candidate = cidr.address().plus(FIRST + (start + step) % usable);
      if (!taken.contains(candidate)) {
        return candidate;
      }
    }
    throw new NaruException(
        ErrorCode.EXHAUSTED,
        "no free address is left in the pod CIDR "
            + cidr
            + ": all "
            + usable
            + " are taken; remove pods from this node, or give the network's nodes larger pod"
            + " CIDRs");
  }

  /** Offset after the last address that a pod may have. */
  private long end() {
    long size = Math.min(cidr.size(), MOST);
    return cidr.address().isIpv4() ? size - 1 : size;
  }

  private long offset(IpAddress address) {
    if (address.high() != cidr.address().high()) {
      return Long.MAX_VALUE;
    }
    long offset = address.low() - cidr.address().low();
    return offset < 0 ? Long.MAX_VALUE : offset;
  }
}

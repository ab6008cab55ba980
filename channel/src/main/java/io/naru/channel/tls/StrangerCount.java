package io.naru.channel.tls;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import java.util.HashMap;
import java.util.Map;

/** Counts unauthenticated connections, all and by source, and refuses those beyond a limit. */
final class StrangerCount {
  private final TlsLimits limits;
  private final Map<Prefix, Integer> bySource = new HashMap<>();
  private int all;

  StrangerCount(TlsLimits limits) {
    this.limits = limits;
  }

  /** Takes a place if one is free. */
  synchronized boolean enter(IpAddress source) {
    Prefix block = block(source);
    int same = bySource.getOrDefault(block, 0);
    if (all >= limits.strangers() || same >= limits.strangersPerSource()) {
      return false;
    }
    all++;
    bySource.put(block, same + 1);
    return true;
  }

  /** Gives the place back. */
  synchronized void leave(IpAddress source) {
    all--;
    bySource.computeIfPresent(block(source), (block, count) -> count == 1 ? null : count - 1);
  }

  /** A host usually owns a whole IPv6 /64 (RFC 4291, 2.5.4). */
  private static Prefix block(IpAddress source) {
    return Prefix.around(source, source.isIpv6() ? 64 : 32);
  }
}

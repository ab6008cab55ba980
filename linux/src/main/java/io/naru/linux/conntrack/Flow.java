package io.naru.linux.conntrack;

import io.naru.core.address.IpFamily;

/**
 * A flow that the kernel tracks. Where addresses are translated, the reply is not the original
 * turned round: its source is where the packets really go.
 *
 * @param protocol its number in an IP header, 17 for UDP
 * @param original of the packet that began it, before any translation
 * @param reply of the packets that come back, before any translation
 * @param zone the number of the reply's zone; 0 unless somebody's rules set one
 * @param id by which the kernel tells flows apart, together with both tuples
 */
public record Flow(int protocol, Tuple original, Tuple reply, int zone, int id) {
  /** Of its addresses. */
  public IpFamily family() {
    return original.source().family();
  }
}

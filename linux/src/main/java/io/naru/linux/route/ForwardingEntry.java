package io.naru.linux.route;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import java.util.Optional;

/**
 * Where a bridge or a tunnel sends frames for a link-layer address.
 *
 * @param link the tunnel, or the port of a bridge
 * @param address the link-layer address; all zeros for every unknown one
 * @param destination outer destination, of a tunnel
 * @param port outer UDP destination port where it is not the tunnel's own; 0 for the tunnel's own
 * @param state NUD_* bits of linux/neighbour.h: 0x80 permanent, 0x40 static, 0x02 learned
 * @param flags NTF_* bits of linux/neighbour.h: 0x02 the device's own table
 */
public record ForwardingEntry(
    int link, MacAddress address, Optional<IpAddress> destination, int port, int state, int flags) {
  /** A permanent entry of a tunnel. */
  public static ForwardingEntry tunnel(int link, MacAddress address, IpAddress destination) {
    return new ForwardingEntry(
        link, address, Optional.of(destination), 0, Rtnetlink.NUD_PERMANENT, Rtnetlink.NTF_SELF);
  }

  /** Whether a program or a person set it, and no time ends it. */
  public boolean permanent() {
    return (state & Rtnetlink.NUD_PERMANENT) != 0;
  }
}

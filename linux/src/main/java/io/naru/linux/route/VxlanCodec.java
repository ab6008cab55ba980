package io.naru.linux.route;

import io.naru.core.address.IpAddress;
import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.PayloadWriter;
import io.naru.linux.route.LinkKind.DontFragment;
import io.naru.linux.route.LinkKind.Vxlan;
import java.util.Optional;

/** IFLA_VXLAN_* of linux/if_link.h. */
final class VxlanCodec {
  private static final int ID = 1;
  private static final int LINK = 3;
  private static final int LOCAL = 4;
  private static final int TTL = 5;
  private static final int LEARNING = 7;
  private static final int PORT = 15;
  private static final int LOCAL6 = 17;
  private static final int UDP_CSUM = 18;
  private static final int UDP_ZERO_CSUM6_TX = 19;
  private static final int UDP_ZERO_CSUM6_RX = 20;
  private static final int COLLECT_METADATA = 25;
  private static final int DF = 29;

  private VxlanCodec() {}

  static void write(PayloadWriter to, Vxlan vxlan) {
    to.attributeI32(ID, vxlan.vni());
    vxlan.local().ifPresent(address -> to.attribute(address.isIpv4() ? LOCAL : LOCAL6, address));
    to.attributeBigEndianU16(PORT, vxlan.port());
    to.attributeU8(LEARNING, flag(vxlan.learning()));
    if (vxlan.parent() != 0) {
      to.attributeI32(LINK, vxlan.parent());
    }
    to.attributeU8(UDP_CSUM, flag(vxlan.udpChecksum()));
    to.attributeU8(UDP_ZERO_CSUM6_TX, flag(vxlan.zeroChecksum6Transmit()));
    to.attributeU8(UDP_ZERO_CSUM6_RX, flag(vxlan.zeroChecksum6Receive()));
    to.attributeU8(TTL, vxlan.ttl());
    if (vxlan.dontFragment() != DontFragment.UNSET) {
      to.attributeU8(DF, number(vxlan.dontFragment()));
    }
    if (vxlan.external()) {
      to.attributeU8(COLLECT_METADATA, 1);
    }
  }

  private static int flag(boolean value) {
    return value ? 1 : 0;
  }

  static Vxlan read(Attributes data) {
    Optional<IpAddress> local = data.address(LOCAL).or(() -> data.address(LOCAL6));
    return new Vxlan(
        data.i32(ID, 0),
        local,
        data.bigEndianU16(PORT, 0),
        data.u8(LEARNING, 0) != 0,
        data.i32(LINK, 0),
        data.u8(UDP_CSUM, 0) != 0,
        data.u8(UDP_ZERO_CSUM6_TX, 0) != 0,
        data.u8(UDP_ZERO_CSUM6_RX, 0) != 0,
        data.u8(TTL, 0),
        dontFragment(data.u8(DF, 0)),
        data.u8(COLLECT_METADATA, 0) != 0);
  }

  private static int number(DontFragment bit) {
    return switch (bit) {
      case UNSET -> 0;
      case SET -> 1;
      case INHERIT -> 2;
    };
  }

  private static DontFragment dontFragment(int number) {
    return switch (number) {
      case 1 -> DontFragment.SET;
      case 2 -> DontFragment.INHERIT;
      default -> DontFragment.UNSET;
    };
  }
}

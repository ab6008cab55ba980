package io.naru.linux.route;

import static io.naru.linux.route.Rtnetlink.*;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.Payload;
import io.naru.linux.netlink.PayloadWriter;
import java.util.Optional;

/** Addresses as {@code struct ifaddrmsg} of linux/if_addr.h with IFA_* attributes. */
final class AddressCodec {
  /** Family, prefix length, flags, scope, index. */
  private static final int HEADER = 8;

  /** INFINITY_LIFE_TIME of net/addrconf.h. */
  private static final int FOREVER = 0xffff_ffff;

  private AddressCodec() {}

  static Payload all(Optional<IpFamily> family) {
    return new PayloadWriter().u8(Families.filter(family)).zeros(HEADER - 1).toPayload();
  }

  static Payload write(LinkAddress value) {
    IpAddress address = value.address().address();
    PayloadWriter to =
        new PayloadWriter()
            .u8(Families.number(address.family()))
            .u8(value.address().prefixLength())
            .u8(value.flags())
            .u8(value.scope())
            .i32(value.index())
            .attribute(IFA_LOCAL, address)
            .attribute(IFA_ADDRESS, address);
    if (value.flags() > 0xff) {
      to.attributeI32(IFA_FLAGS, value.flags());
    }
    if ((value.flags() & LinkAddress.DEPRECATED) != 0) {
      // struct ifa_cacheinfo: for new connections no time, for others all; two times of its own.
      to.attribute(IFA_CACHEINFO, inside -> inside.i32(0).i32(FOREVER).i32(0).i32(0));
    }
    if (value.protocol() != 0) {
      to.attributeU8(IFA_PROTO, value.protocol());
    }
    return to.toPayload();
  }

  static Optional<LinkAddress> read(Payload payload) {
    Optional<IpFamily> family = Families.of(payload.u8(0));
    Attributes attributes = Attributes.parse(payload.from(HEADER));
    // On a point-to-point link IFA_ADDRESS is the other end's.
    Optional<IpAddress> address =
        attributes.address(IFA_LOCAL).or(() -> attributes.address(IFA_ADDRESS));
    if (family.isEmpty() || address.isEmpty()) {
      return Optional.empty();
    }
    int length = payload.u8(1);
    if (address.get().family() != family.get() || length > family.get().bits()) {
      throw new NaruException(
          ErrorCode.MALFORMED,
          "the kernel tells of an address " + address.get() + "/" + length + " of " + family.get());
    }
    return Optional.of(
        new LinkAddress(
            payload.i32(4),
            new InterfaceAddress(address.get(), length),
            payload.u8(3),
            attributes.i32(IFA_FLAGS, payload.u8(2)),
            attributes.u8(IFA_PROTO, 0)));
  }
}

package io.naru.linux.route;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.netlink.Payload;
import java.util.Optional;

/** Address families between the kernel's numbers and our types. */
final class Families {
  private Families() {}

  static int number(IpFamily family) {
    return switch (family) {
      case IPV4 -> Rtnetlink.AF_INET;
      case IPV6 -> Rtnetlink.AF_INET6;
    };
  }

  /** Empty for families that are neither IPv4 nor IPv6, such as multicast routing's. */
  static Optional<IpFamily> of(int number) {
    return switch (number) {
      case Rtnetlink.AF_INET -> Optional.of(IpFamily.IPV4);
      case Rtnetlink.AF_INET6 -> Optional.of(IpFamily.IPV6);
      default -> Optional.empty();
    };
  }

  /** The number for a filter: 0 asks for both families. */
  static int filter(Optional<IpFamily> family) {
    return family.map(Families::number).orElse(Rtnetlink.AF_UNSPEC);
  }

  /** The prefix that a header's length and an attribute's address make; without one, all zeros. */
  static Prefix prefix(IpFamily family, int length, Optional<Payload> address) {
    IpAddress value = address.map(Payload::address).orElseGet(() -> new IpAddress(family, 0, 0));
    if (length > family.bits() || value.family() != family) {
      throw new NaruException(
          ErrorCode.MALFORMED, "the kernel tells of a prefix " + value + "/" + length);
    }
    return Prefix.around(value, length);
  }
}

package io.naru.dns.zone;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * A name below {@code in-addr.arpa} (RFC 1035, section 3.5) or {@code ip6.arpa} (RFC 3596, section
 * 2.5).
 *
 * @param prefix the address it stands for, or the block, where it says the first numbers alone
 * @param deeper whether it has labels below those of a whole address
 */
record ReverseName(Prefix prefix, boolean deeper) {
  private static final Name IN_ADDR = Name.fromConstantString("in-addr.arpa.");
  private static final Name IP6 = Name.fromConstantString("ip6.arpa.");

  boolean isAddress() {
    return !deeper && prefix.length() == prefix.family().bits();
  }

  /** Null if the name is no such one. */
  static @Nullable ReverseName read(Name name) {
    if (name.subdomain(IN_ADDR)) {
      return read(name, IN_ADDR, IpFamily.IPV4, 8, 10);
    }
    return name.subdomain(IP6) ? read(name, IP6, IpFamily.IPV6, 4, 16) : null;
  }

  private static @Nullable ReverseName read(
      Name name, Name origin, IpFamily family, int bitsOfLabel, int radix) {
    int labels = name.labels() - origin.labels();
    int used = Math.min(labels, family.bits() / bitsOfLabel);
    byte[] bytes = new byte[family.bytes()];
    for (int i = 0; i < used; i++) {
      int number = number(name.getLabel(labels - 1 - i), radix, 1 << bitsOfLabel);
      if (number < 0) {
        return null;
      }
      int bit = i * bitsOfLabel;
      bytes[bit / 8] |= (byte) (number << (8 - bitsOfLabel - bit % 8));
    }
    return new ReverseName(new Prefix(IpAddress.ofBytes(bytes), used * bitsOfLabel), labels > used);
  }

  /** The number a label writes, without zeros in front, or -1. The first byte is its length. */
  private static int number(byte[] label, int radix, int bound) {
    int length = label[0];
    if (length < 1 || length > 3 || length > 1 && (label[1] == '0' || radix == 16)) {
      return -1;
    }
    int number = 0;
    for (int i = 1; i <= length; i++) {
      int digit = Character.digit(label[i], radix);
      if (digit < 0) {
        return -1;
      }
      number = number * radix + digit;
    }
    return number < bound ? number : -1;
  }

  /** The name of a block; its length is rounded up to where names can be cut. */
  static Name of(Prefix block) {
    boolean isIpv4 = block.address().isIpv4();
    int bitsOfLabel = isIpv4 ? 8 : 4;
    int labels = (block.length() + bitsOfLabel - 1) / bitsOfLabel;
    byte[] bytes = block.address().toBytes();
    StringBuilder text = new StringBuilder();
    for (int i = labels - 1; i >= 0; i--) {
      int number = isIpv4 ? bytes[i] & 0xff : bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xf;
      text.append(isIpv4 ? Integer.toString(number) : Integer.toHexString(number)).append('.');
    }
    text.append(isIpv4 ? "in-addr.arpa." : "ip6.arpa.");
    return Name.fromConstantString(text.toString().toLowerCase(Locale.ROOT));
  }

  /** The zone that this name is in: the part of the block that a name can stand for. */
  Name apex(Prefix block) {
    int step = prefix.family() == IpFamily.IPV4 ? 8 : 4;
    int length = (block.length() + step - 1) / step * step;
    return of(Prefix.around(prefix.address(), length));
  }
}

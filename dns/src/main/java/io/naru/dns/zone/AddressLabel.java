package io.naru.dns.zone;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Addresses as one label: {@code 10-244-1-2}, {@code fd00--1}. */
final class AddressLabel {
  private static final int LONGEST = 39;

  private AddressLabel() {}

  static String of(IpAddress address) {
    return address.toString().replace('.', '-').replace(':', '-');
  }

  /** The address, or null if the label is none. Letters are small. */
  static @Nullable IpAddress read(String label) {
    if (label.length() > LONGEST) {
      return null;
    }
    int dashes = 0;
    int afterDash = 0;
    boolean gap = false;
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      if (c == '-') {
        dashes++;
        gap |= i > 0 && label.charAt(i - 1) == '-';
        afterDash = 0;
      } else if (c < '0' || c > '9' && c < 'a' || c > 'f' || ++afterDash > 4) {
        return null;
      }
    }
    if (dashes == 3 && !gap) {
      return ipv4(label);
    }
    if (dashes < 2 || dashes > 8 || dashes != 7 && !gap) {
      return null;
    }
    try {
      InetAddress address = Inet6Address.ofLiteral(label.replace('-', ':'));
      return address.getAddress().length == 16 ? IpAddress.of(address) : null;
    } catch (IllegalArgumentException notAnAddress) {
      return null;
    }
  }

  private static @Nullable IpAddress ipv4(String label) {
    long address = 0;
    int number = -1;
    for (int i = 0; i <= label.length(); i++) {
      char c = i < label.length() ? label.charAt(i) : '-';
      if (c == '-') {
        if (number < 0 || number > 255) {
          return null;
        }
        address = address << 8 | number;
        number = -1;
      } else if (c > '9' || number == 0) {
        return null; // a letter, or a zero in front
      } else {
        number = Math.max(number, 0) * 10 + c - '0';
      }
    }
    return new IpAddress(IpFamily.IPV4, 0, address);
  }
}

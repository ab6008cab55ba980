package io.naru.core.address;

/** The two families of Internet addresses. */
public enum IpFamily {
  IPV4(32, "IPv4"),
  IPV6(128, "IPv6");

  private final int bits;
  private final String text;

  IpFamily(int bits, String text) {
    this.bits = bits;
    this.text = text;
  }

  /** Length of an address in bits: 32 or 128. */
  public int bits() {
    return bits;
  }

  /** Length of an address in bytes: 4 or 16. */
  public int bytes() {
    return bits / 8;
  }

  public IpFamily other() {
    return switch (this) {
      case IPV4 -> IPV6;
      case IPV6 -> IPV4;
    };
  }

  @Override
  public String toString() {
    return text;
  }
}

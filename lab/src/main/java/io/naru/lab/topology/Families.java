package io.naru.lab.topology;

import io.naru.core.address.IpFamily;
import java.util.List;

/** Which families of addresses something has. */
public enum Families {
  IPV4("ipv4"),
  IPV6("ipv6"),
  DUAL("dual");

  private final String text;

  Families(String text) {
    this.text = text;
  }

  /** The families one by one, IPv4 first. */
  public List<IpFamily> all() {
    return switch (this) {
      case IPV4 -> List.of(IpFamily.IPV4);
      case IPV6 -> List.of(IpFamily.IPV6);
      case DUAL -> List.of(IpFamily.IPV4, IpFamily.IPV6);
    };
  }

  public boolean has(IpFamily family) {
    return all().contains(family);
  }

  @Override
  public String toString() {
    return text;
  }
}

package io.naru.observe.packet;

import java.util.Optional;

/**
 * How a captured packet begins, by the numbers that capture files use (the LINKTYPE registry of the
 * tcpdump project).
 */
public enum LinkType {
  ETHERNET(1, "Ethernet"),
  RAW(101, "raw IP"),
  LINUX_COOKED(113, "Linux cooked v1"),
  RAW_IPV4(228, "raw IPv4"),
  RAW_IPV6(229, "raw IPv6"),
  LINUX_COOKED_2(276, "Linux cooked v2");

  /** Old files hold the number of DLT_RAW itself (pcap/dlt.h). */
  private static final int OLD_RAW = 12;

  private final int number;
  private final String text;

  LinkType(int number, String text) {
    this.number = number;
    this.text = text;
  }

  public int number() {
    return number;
  }

  /** Empty for one that is not read here. */
  public static Optional<LinkType> of(int number) {
    for (LinkType type : values()) {
      if (type.number == number || (type == RAW && number == OLD_RAW)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}

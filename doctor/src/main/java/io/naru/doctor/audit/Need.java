package io.naru.doctor.audit;

import java.util.Locale;

/**
 * What must pass from each node to each other one.
 *
 * @param protocol {@code udp}, {@code tcp}, or {@code 4} for IP-in-IP
 * @param port destination port, or 0 for a protocol without ports
 * @param purpose what goes through it
 * @param carriesPods whether pods reach each other by it; else something else fails without it
 */
public record Need(String protocol, int port, String purpose, boolean carriesPods) {
  /** The port of a tunnel. */
  public static Need vxlan(int port) {
    return port("udp", port, "pods' packets in VXLAN", true);
  }

  static Need port(String protocol, int port, String purpose, boolean carriesPods) {
    return new Need(protocol, port, purpose, carriesPods);
  }

  static Need protocol(int number, String purpose, boolean carriesPods) {
    return new Need(String.valueOf(number), 0, purpose, carriesPods);
  }

  /** The IP protocol's number. */
  public int number() {
    return switch (protocol) {
      case "tcp" -> 6;
      case "udp" -> 17;
      default -> Integer.parseInt(protocol);
    };
  }

  @Override
  public String toString() {
    return port == 0 ? "IP protocol " + protocol : protocol.toUpperCase(Locale.ROOT) + " " + port;
  }
}

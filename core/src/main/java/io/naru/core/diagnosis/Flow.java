package io.naru.core.diagnosis;

import java.util.List;

/**
 * Packets that a rule may be about.
 *
 * @param protocol {@code udp} or {@code icmp}
 * @param ports destination ports, one of which they have; empty where nobody knows
 */
public record Flow(String protocol, String from, String to, List<Integer> ports) {
  public Flow {
    ports = List.copyOf(ports);
  }
}

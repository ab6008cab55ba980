package io.naru.api.trace;

import io.naru.core.trace.ProbeKind;
import java.util.Objects;

/**
 * What somebody wants to trace.
 *
 * @param from a pod or a node, by name
 * @param to likewise, or an address
 * @param port of UDP or TCP; 0 for an echo
 * @param size bytes of a probe; 0 for the smallest
 * @param ipv6 whether by IPv6 where both ends have both families
 */
public record TraceWish(String from, String to, ProbeKind kind, int port, int size, boolean ipv6) {
  public TraceWish {
    Objects.requireNonNull(from, "from is missing");
    Objects.requireNonNull(to, "to is missing");
    Objects.requireNonNull(kind, "kind is missing");
  }
}

package io.naru.api.trace;

import java.util.Objects;

/**
 * What somebody wants to capture.
 *
 * @param from a pod or a node, by name
 * @param to likewise, or an address
 * @param seconds how long, at most
 * @param packets how many on each node, at most
 */
public record CaptureWish(String from, String to, int seconds, int packets) {
  public CaptureWish {
    Objects.requireNonNull(from, "from is missing");
    Objects.requireNonNull(to, "to is missing");
  }
}

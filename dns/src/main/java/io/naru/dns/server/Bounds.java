package io.naru.dns.server;

import java.time.Duration;

/**
 * How much a server serves at a time.
 *
 * @param waiting questions for which somebody else is asked
 * @param connections over TCP, in all
 * @param connectionsOfClient over TCP, of one address
 * @param patience how long a connection may be silent, and a question or an answer be under way
 */
public record Bounds(int waiting, int connections, int connectionsOfClient, Duration patience) {
  /** What suits a node. */
  public static final Bounds USUAL = new Bounds(2000, 1024, 64, Duration.ofSeconds(5));
}

package io.naru.api;

import java.util.Optional;

/**
 * A path from one node to another, one direction.
 *
 * @param state {@code healthy}, {@code degraded}, {@code broken} or {@code unknown}
 * @param since ISO 8601, when the state began
 * @param lastSeen the farthest tap where its probes were seen, like {@code node1/nic}
 * @param notSeen the next tap, where they were not
 * @param observer the end whose word this is
 */
public record PathRow(
    String from,
    String to,
    String transport,
    String state,
    String since,
    String reason,
    Optional<String> lastSeen,
    Optional<String> notSeen,
    String observer) {}

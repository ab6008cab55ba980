package io.naru.agent.channel;

import io.naru.agent.probe.PeerReport;
import io.naru.channel.frame.Json;
import java.util.Objects;

/** How a line of a peer is read. */
public final class PeerReading {
  private PeerReading() {}

  /** Reads a line, and what it says again. */
  public static void read(String line) {
    PeerMessage message = Json.read(line, PeerMessage.class);
    if (!Json.read(Json.write(message), PeerMessage.class).equals(message)) {
      throw new AssertionError(message + " is not read as it is written");
    }
    for (PeerReport report : message.reports()) {
      Objects.requireNonNull(report.transport());
      report.seen().forEach(sighting -> Objects.requireNonNull(sighting.tap()));
    }
  }
}

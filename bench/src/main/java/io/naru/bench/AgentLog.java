package io.naru.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the first node's agent wrote. */
record AgentLog(Path file) {
  private static final Pattern SERVICES =
      Pattern.compile("services: (\\d+) elements changed in (\\d+) ms");
  private static final int MANY = 10_000;

  static AgentLog of(BenchLab lab) {
    return new AgentLog(Path.of("/run/naru-lab", lab.name(), "nodes", "node1", "agent.log"));
  }

  /** How long it took itself to write many elements of services, if it did. */
  Optional<String> services() {
    double[] took =
        SERVICES
            .matcher(text())
            .results()
            .filter(change -> Integer.parseInt(change.group(1)) >= MANY)
            .mapToDouble(change -> Double.parseDouble(change.group(2)))
            .toArray();
    return took.length == 0
        ? Optional.empty()
        : Optional.of(
            "the agent says of its own part, median of %d: %.0f ms to compute and write all services"
                .formatted(took.length, Rounds.median(took)));
  }

  private String text() {
    try {
      return Files.readString(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}

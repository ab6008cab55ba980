package io.naru.bench;

import io.naru.linux.namespace.NetworkNamespace;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long drift lasts on a lab's node: from the moment an entry is taken away, or altered, until
 * all is as it was.
 */
final class RepairSuite implements Suite {
  private final Installation naru;
  private final String lab;
  private final boolean own;
  private final DriftingNode node;

  RepairSuite(Installation naru) {
    this.naru = naru;
    own = naru.lab().isEmpty();
    lab =
        naru.lab()
            .orElseGet(() -> "bench%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20)));
    try {
      if (own) {
        run(
            "lab",
            "up",
            "--name",
            lab,
            "--nodes",
            "3",
            "--subnets",
            "2",
            "--ipv6",
            "--transport",
            "auto");
        run("lab", "pod", "run", "p1", "--node", "node1", "--name", lab);
      }
      node = DriftingNode.open(lab + "-node1");
    } catch (RuntimeException failed) {
      down();
      throw failed;
    }
  }

  @Override
  public String name() {
    return "repair";
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public Optional<String> together() {
    return Optional.of("all of these");
  }

  @Override
  public List<Row> rows() {
    return node.drifts().stream()
        .map(drift -> new Row(drift.name(), () -> node.milliseconds(drift)))
        .toList();
  }

  private void run(String... words) {
    Command.of(naru.launcher().toString()).and(words).run();
  }

  /** What could not come up is gone already. */
  private void down() {
    if (own && NetworkNamespace.exists(lab + "-node1")) {
      run("lab", "down", "--name", lab);
    }
  }

  @Override
  public void close() {
    node.close();
    down();
  }
}

package io.naru.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What an agent has in memory while nothing happens but probes. */
record MemorySuite(BenchLab few, BenchLab many) implements Suite {
  private static final int MANY = 1000;
  private static final Pattern NOT_DIGITS = Pattern.compile("[^0-9]+");

  /** Not the agents' own rhythm, so that rounds meet every moment of it. */
  private static final Duration BETWEEN = Duration.ofSeconds(7);

  private static final Duration SETTLING = Duration.ofSeconds(30);

  static Suite open(Installation naru) {
    BenchLab few = BenchLab.up(naru, "few", 4, "vxlan");
    BenchLab many = BenchLab.up(naru, "many", 1, "vxlan");
    Path file = foreignNodes();
    many.command("node", "add", "--file", file.toString()).run();
    Command entries = Command.of("bridge", "-n", many.node(1), "fdb", "show", "dev", "naru-vxlan");
    while (entries.run().lines().filter(line -> line.contains(" dst ")).count() < MANY) {
      Attempts.pause(Duration.ofMillis(200));
    }
    Attempts.pause(SETTLING);
    return new MemorySuite(few, many);
  }

  /** End points that run no Naru: to an agent each is a peer like any other, but for probes. */
  private static Path foreignNodes() {
    String list =
        IntStream.range(0, MANY)
            .mapToObj(
                i ->
                    """
                    {"name":"foreign%1$d","addresses":["172.26.%2$d.%3$d"],
                     "vtepMac":"02:00:00:01:%4$02x:%3$02x","podCidrs":["10.244.%5$d.%6$d/28"]}
                    """
                        .formatted(
                            i, 60 + i / 200, 1 + i % 200, i / 200, 128 + i / 16, i % 16 * 16))
            .collect(Collectors.joining(",", "[", "]"));
    try {
      Path file = Files.createTempFile("bench-foreign", ".json");
      LeftOvers.note(() -> delete(file));
      return Files.writeString(file, list);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public String name() {
    return "network-memory";
  }

  @Override
  public String unit() {
    return "MB";
  }

  @Override
  public List<Row> rows() {
    return List.of(
        new Row("agent with 3 peers, resident", () -> later(few, "VmRSS"), Goal.atMost(64)),
        new Row("agent with 1,000 peers, resident", () -> now(many, "VmRSS"), Goal.atMost(80)),
        new Row("agent with 3 peers, its share (PSS)", () -> now(few, "Pss")),
        new Row("agent with 1,000 peers, its share (PSS)", () -> now(many, "Pss")));
  }

  private static double later(BenchLab lab, String what) {
    Attempts.pause(BETWEEN);
    return now(lab, what);
  }

  /** Megabytes, of 1,048,576 bytes, of a field of the agent's status or smaps_rollup. */
  private static double now(BenchLab lab, String what) {
    Path process = Path.of("/proc", Long.toString(lab.agent(1)));
    return lines(process.resolve(what.startsWith("Vm") ? "status" : "smaps_rollup")).stream()
        .filter(line -> line.startsWith(what + ":"))
        .mapToDouble(line -> Double.parseDouble(NOT_DIGITS.matcher(line).replaceAll("")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}

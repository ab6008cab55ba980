package io.naru.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.Prefix;
import io.naru.core.cluster.NodeName;
import io.naru.store.ClusterStore;
import io.naru.store.Sample;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that writes is killed at random moments; what it acknowledged must be there. */
class KillNineTest {
  private static final int ROUNDS = 12;

  /** The program that is killed: claims and publishes, and prints what was acknowledged. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws Exception {
      int first = Integer.parseInt(arguments[1]);
      try (ClusterStore store =
              EmbeddedClusterStore.open(Path.of(arguments[0]), Sample.dualStack());
          var executor = Executors.newFixedThreadPool(3)) {
        for (int thread = 0; thread < 3; thread++) {
          int start = first + thread;
          executor.execute(
              () -> {
                for (int i = start; i < first + 60; i += 3) {
                  List<Prefix> cidrs = store.claimPodCidrs(Sample.name(i), List.of());
                  System.out.println("claimed " + i + " " + cidrs.get(0) + " " + cidrs.get(1));
                  store.publishNode(Sample.node(i, cidrs));
                  System.out.println("published " + i);
                  if (i % 5 == 0) {
                    store.publishNotice(Sample.notice(i, i + 1, i));
                    store.withdrawNotice(Sample.notice(i, i + 1, i).path(), Sample.name(i));
                  }
                }
              });
        }
      }
      System.out.println("end");
    }
  }

  @Test
  void nothingAcknowledgedIsLost(@TempDir Path directory) throws Exception {
    Random random = new Random(7);
    Map<NodeName, List<Prefix>> claimed = new HashMap<>();
    Set<NodeName> published = new HashSet<>();
    int killedAtWork = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Process writer =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  directory.toString(),
                  Integer.toString(round * 20))
              .redirectErrorStream(true)
              .start();
      int linesToLive = 1 + random.nextInt(60);
      boolean ended = false;
      try (BufferedReader output = writer.inputReader()) {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
          note(line, claimed, published);
          ended |= line.equals("end");
          if (--linesToLive == 0) {
            // By its handle: killing the Process itself would drop what it had acknowledged.
            writer.toHandle().destroyForcibly();
          }
        }
      } finally {
        writer.destroyForcibly();
        writer.waitFor();
      }
      killedAtWork += ended ? 0 : 1;
      verify(directory, claimed, published);
    }
    assertThat(killedAtWork).isGreaterThan(ROUNDS / 2);
    assertThat(published).isNotEmpty();
  }

  private static void note(
      String line, Map<NodeName, List<Prefix>> claimed, Set<NodeName> published) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case "claimed" -> {
        if (words.length == 4) {
          List<Prefix> cidrs = List.of(Prefix.parse(words[2]), Prefix.parse(words[3]));
          List<Prefix> before = claimed.put(Sample.name(Integer.parseInt(words[1])), cidrs);
          assertThat(before == null || before.equals(cidrs)).as(line).isTrue();
        }
      }
      case "published" -> published.add(Sample.name(Integer.parseInt(words[1])));
      case "end" -> {}
      default -> assertThat(line).as("output of the writer").startsWith("SLF4J");
    }
  }

  private static void verify(
      Path directory, Map<NodeName, List<Prefix>> claimed, Set<NodeName> published) {
    try (EmbeddedClusterStore store = EmbeddedClusterStore.open(directory, Sample.dualStack())) {
      assertThat(store.snapshot().nodes().keySet()).containsAll(published);
      Map<NodeName, List<Prefix>> kept = store.state().claims();
      claimed.forEach((node, cidrs) -> assertThat(kept.get(node)).isEqualTo(cidrs));
      List<Prefix> all = kept.values().stream().flatMap(List::stream).toList();
      assertThat(new HashSet<>(all)).hasSameSizeAs(all);
    }
  }
}

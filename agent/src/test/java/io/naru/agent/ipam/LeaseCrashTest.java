package io.naru.agent.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.core.pod.PodAttachment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a program that takes leases, and fills its disk. */
class LeaseCrashTest {
  @TempDir Path directory;

  private static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add(LeaseWriter.class.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private static List<String> completeLines(Path file) throws IOException {
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  @Test
  void killedAtAnyMomentNoAcknowledgedLeaseIsLost() throws Exception {
    Path leases = directory.resolve("leases");
    Random random = new Random(20260101);
    Map<String, String> acknowledged = new HashMap<>();
    for (int round = 0; round < 6; round++) {
      Path said = directory.resolve("round" + round + ".txt");
      Process writer =
          new ProcessBuilder(java(leases.toString(), "round" + round))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      int enough = 20 + random.nextInt(60);
      try {
        await()
            .pollInterval(Duration.ofMillis(1 + random.nextInt(5)))
            .until(() -> completeLines(said).size() >= enough);
      } finally {
        writer.destroyForcibly();
      }
      assertThat(writer.waitFor()).isNotZero();
      List<String> lines = completeLines(said);
      for (String line : lines) {
        String[] words = line.split(" ");
        switch (words[0]) {
          case "ready" -> acknowledged.put(words[1], words[2]);
          case "releasing" -> acknowledged.remove(words[1]);
          default -> throw new AssertionError(line);
        }
      }

      LeaseBook book = new LeaseBook(leases);

      assertThat(book.problems()).isEmpty();
      Map<String, String> found = new HashMap<>();
      for (Lease lease : book.all()) {
        PodAttachment attachment = lease.attachment();
        found.put(attachment.key().containerId(), attachment.addresses().getFirst().toString());
      }
      assertThat(found).containsAllEntriesOf(acknowledged);
      assertThat(found.values()).doesNotHaveDuplicates();
      // The one that was under way may be there, unready or not yet said.
      assertThat(found.size() - acknowledged.size()).isBetween(0, round + 1);
    }
  }

  @Test
  void aFullDiskIsSaidAndNothingIsHalfDone() throws Exception {
    String mount = directory.toString();
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
    command.add(
        "mount -t tmpfs -o size=64k naru-test \"$0\" && \"$@\" && ls -1 \"$0\" | sed 's/^/file /'");
    command.add(mount);
    command.addAll(java(mount, "full"));
    Process writer = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = writer.inputReader().lines().toList();
    assertThat(writer.waitFor()).as(lines.toString()).isZero();

    List<String> failed = lines.stream().filter(line -> line.startsWith("failed")).toList();
    assertThat(failed).singleElement().asString().contains("FILE_FAILED", "No space left");
    long ready = lines.stream().filter(line -> line.startsWith("ready")).count();
    long released = lines.stream().filter(line -> line.startsWith("releasing")).count();
    assertThat(ready).isPositive();
    assertThat(lines).contains("leases " + (ready - released));
    assertThat(lines.stream().filter(line -> line.startsWith("file ")))
        .hasSize((int) (ready - released))
        .allMatch(line -> line.endsWith(".json"));
  }
}

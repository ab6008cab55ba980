package io.naru.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NeighbourTableTest {
  private static final Path THRESHOLD = Path.of("/proc/sys/net/ipv4/neigh/default/gc_thresh3");

  @Test
  void aLargeLabGetsRoomAndTheHostItsOldThresholdsBack() throws Exception {
    assumeTrue(Files.isWritable(THRESHOLD), "this is no root of the machine's own network");
    assumeTrue(LabDirectory.all().isEmpty(), "a lab stands, whose thresholds stay");
    String before = threshold();
    int nodes = (int) Math.sqrt(Integer.parseInt(before)) + 1;
    try {
      Labs.prepareHost(nodes);
      assertThat(Integer.parseInt(threshold())).isGreaterThanOrEqualTo(nodes * nodes);
      Labs.prepareHost(2 * nodes);
      assertThat(Integer.parseInt(threshold())).isGreaterThanOrEqualTo(4 * nodes * nodes);
    } finally {
      Labs.sweep();
    }
    assertThat(threshold()).isEqualTo(before);
    assertThat(LabDirectory.ROOT).doesNotExist();
  }

  private static String threshold() throws Exception {
    try (var stream = Files.newInputStream(THRESHOLD)) {
      byte[] digits = new byte[32];
      return new String(digits, 0, stream.read(digits), java.nio.charset.StandardCharsets.US_ASCII)
          .strip();
    }
  }
}

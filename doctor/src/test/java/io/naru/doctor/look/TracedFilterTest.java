package io.naru.doctor.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.linux.nftables.Nftables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A trace of a program that is told to end. */
class TracedFilterTest {
  /** Traces until it is ended. */
  static final class Tracing {
    private Tracing() {}

    public static void main(String[] arguments) throws IOException {
      try (TracedFilter _ = TracedFilter.start(List.of(8472))) {
        System.out.println("ready");
        System.in.read();
      }
    }
  }

  @Test
  void terminatedItLeavesNeitherTableNorProgram() throws InterruptedException {
    try (OwnNamespace node = OwnNamespace.create()) {
      Process tracing = node.namespace().call(TracedFilterTest::start);
      List<ProcessHandle> listeners = tracing.descendants().toList();
      assertThat(listeners).isNotEmpty();
      try {
        tracing.destroy();
        tracing.waitFor();
        for (ProcessHandle listener : listeners) {
          assertThat(listener.onExit()).succeedsWithin(Duration.ofSeconds(20));
        }
        assertThat(node.namespace().call(() -> Nftables.listJson("tables")))
            .doesNotContain("naru-trace");
      } finally {
        listeners.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static Process start() {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Tracing.class.getName())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      assertThat(reader.readLine()).isEqualTo("ready");
      return process;
    } catch (IOException broke) {
      throw new UncheckedIOException(broke);
    }
  }
}

package io.naru.observe.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.trace.ProbeKind;
import io.naru.core.trace.Sighting;
import io.naru.core.trace.Tap;
import io.naru.core.trace.TraceOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any frame whatever is a trace's packet, or none. */
public class ProbeFinderFuzzTest {
  private static final List<Long> KEYS = List.of(0L, 0x01020304L, 4000L);
  private static final List<ProbeFinder> FINDERS =
      Stream.of(ProbeKind.values())
          .map(kind -> new ProbeFinder(TestOrder.of(kind), TestOrder.VXLAN_PORT))
          .toList();

  public static void fuzzerTestOneInput(byte[] frame) {
    for (ProbeFinder finder : FINDERS) {
      Optional<Sighting> found = finder.find(Tap.NIC, 1, frame, KEYS);
      found.ifPresent(
          sighting -> assertThat(sighting.probe()).isBetween(0, TraceOrder.MOST_PROBES - 1));
      finder
          .opening(frame)
          .ifPresent(opening -> assertThat(opening.sequence()).isBetween(0L, 0xffff_ffffL));
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/ProbeFinderFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}

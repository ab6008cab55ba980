package io.naru.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.ClusterSnapshot;
import io.naru.store.ClusterStore;
import io.naru.store.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A damaged file of the store is read as it was or refused, and stays where it is. */
public class StoreFileFuzzTest {
  private static final String FILE = "cluster.mv";
  private static final String MARK = "cluster.revision";

  /** A store with some nodes, as it was and as its files have it. */
  private record Whole(ClusterSnapshot snapshot, byte[] file, byte[] mark) {}

  private static final Whole WHOLE = in(StoreFileFuzzTest::made);

  private static Whole made(Path directory) throws IOException {
    try (ClusterStore store = EmbeddedClusterStore.open(directory, Sample.dualStack())) {
      for (int i = 0; i < 5; i++) {
        store.publishNode(Sample.node(i, store.claimPodCidrs(Sample.name(i), List.of())));
      }
    }
    ClusterSnapshot snapshot;
    try (ClusterStore store = EmbeddedClusterStore.open(directory, Sample.dualStack())) {
      snapshot = store.snapshot();
    }
    return new Whole(
        snapshot,
        Files.readAllBytes(directory.resolve(FILE)),
        Files.readAllBytes(directory.resolve(MARK)));
  }

  /**
   * The first byte says what the others are: 0 the whole file, 1 the file of the last revision, or
   * else changes of a real file, 4 bytes each: where (3 bytes) and which value; past its end, it is
   * cut there.
   */
  public static void fuzzerTestOneInput(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
    byte[] file = bytes[0] == 0 ? rest : bytes[0] == 1 ? WHOLE.file : changed(rest);
    byte[] mark = bytes[0] == 1 ? rest : WHOLE.mark;
    in(
        directory -> {
          Files.write(directory.resolve(FILE), file);
          Files.write(directory.resolve(MARK), mark);
          try (MvStoreJournal opened =
              MvStoreJournal.open(directory, NetworkConfiguration.defaults())) {
            assertThat(opened.initial().snapshot()).isEqualTo(WHOLE.snapshot);
          } catch (NaruException refused) {
            assertThat(refused.code()).isIn(ErrorCode.MALFORMED, ErrorCode.FILE_FAILED);
            assertThat(refused.sentence()).isNotBlank();
            assertThat(Files.size(directory.resolve(FILE))).isEqualTo(file.length);
          }
          return "";
        });
  }

  private static byte[] changed(byte[] changes) {
    byte[] file = WHOLE.file.clone();
    ByteBuffer next = ByteBuffer.wrap(changes);
    while (next.remaining() >= 4) {
      int word = next.getInt();
      int where = (word >>> 8) % (WHOLE.file.length + 256);
      if (where < file.length) {
        file[where] = (byte) word;
      } else {
        file = Arrays.copyOf(file, file.length * (word & 0xff) / 256);
      }
    }
    return file;
  }

  private interface Work<T> {
    T in(Path directory) throws IOException;
  }

  private static <T> T in(Work<T> work) {
    try {
      Path directory = Files.createTempDirectory("naru-fuzz-");
      try {
        return work.in(directory);
      } finally {
        try (Stream<Path> files = Files.walk(directory)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/StoreFileFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}

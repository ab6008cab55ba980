package io.naru.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.archive.TarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes are an archive, read to its end within its bounds, or are refused. */
public class TarFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      TarReader tar = new TarReader(new ByteArrayInputStream(bytes), "x.tar");
      long total = 0;
      for (Optional<TarReader.Entry> next = tar.next(); next.isPresent(); next = tar.next()) {
        long read = next.get().content().transferTo(OutputStream.nullOutputStream());
        assertThat(read).isEqualTo(next.get().size());
        total += read;
      }
      assertThat(total).isLessThanOrEqualTo(bytes.length);
    } catch (IOException cannotBe) {
      throw new AssertionError(cannotBe);
    } catch (NaruException refused) {
      assertThat(refused.code()).isIn(ErrorCode.MALFORMED, ErrorCode.BAD_INPUT);
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/TarFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}

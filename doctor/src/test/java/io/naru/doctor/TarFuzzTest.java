package io.naru.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.doctor.archive.TarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Any bytes are an archive, read to its end within its bounds, or are refused. */
public class TarFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzedInput.isReadOrRefused(
        () -> {
          try {
            assertThat(contentOf(bytes)).isLessThanOrEqualTo(bytes.length);
          } catch (IOException cannotBe) {
            throw new AssertionError(cannotBe);
          }
        });
  }

  private static long contentOf(byte[] bytes) throws IOException {
    TarReader tar = new TarReader(new ByteArrayInputStream(bytes), "x.tar");
    long total = 0;
    for (Optional<TarReader.Entry> next = tar.next(); next.isPresent(); next = tar.next()) {
      long read = next.get().content().transferTo(OutputStream.nullOutputStream());
      assertThat(read).isEqualTo(next.get().size());
      total += read;
    }
    return total;
  }

  @KeptInputs
  void keptInputIsHandled(byte[] input) {
    fuzzerTestOneInput(input);
  }
}

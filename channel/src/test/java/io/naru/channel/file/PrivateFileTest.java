package io.naru.channel.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
  @TempDir private Path directory;

  @Test
  void whoeverReadsSaysHowLargeTheFileMayBe() {
    Path file = directory.resolve("a.json");
    PrivateFile.write(file, "x".repeat(3 << 20));

    assertThat(PrivateFile.read(file, 3 << 20).orElseThrow()).hasSize(3 << 20);
    NaruException refused = catchThrowableOfType(NaruException.class, () -> PrivateFile.read(file));
    assertThat(refused)
        .returns(ErrorCode.MALFORMED, NaruException::code)
        .hasMessageContaining("has 3145728 bytes, more than the 1048576");
    assertThat(PrivateFile.read(directory.resolve("none"), 1)).isEmpty();
  }
}

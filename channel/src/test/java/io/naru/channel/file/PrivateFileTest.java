package io.naru.channel.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.file.Files;
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

  @Test
  void whatACrashLeftOfAWritingIsFoundAndNothingElse() throws Exception {
    Path file = directory.resolve("a.json");
    PrivateFile.write(file, "1");
    assertThat(PrivateFile.drafts(directory)).isEmpty();
    Path draft = Files.writeString(directory.resolve(".a.json.new"), "{");
    Path anothers = Files.createDirectory(directory.resolve(".a.sock.new"));
    Path renewal = Files.writeString(directory.resolve("renew.new"), "");
    Path nameless = Files.writeString(directory.resolve(".new"), "");

    assertThat(PrivateFile.drafts(directory)).containsExactly(draft);
    PrivateFile.removeDrafts(directory);
    assertThat(draft).doesNotExist();
    assertThat(file).hasContent("1");
    assertThat(anothers).exists();
    assertThat(renewal).exists();
    assertThat(nameless).exists();
    assertThat(PrivateFile.drafts(directory.resolve("none"))).isEmpty();
  }
}

package io.naru.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.ClusterStore;
import io.naru.store.ClusterStoreContract;
import io.naru.store.Sample;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedClusterStoreTest extends ClusterStoreContract {
  @TempDir private Path directory;

  @Override
  protected ClusterStore create(NetworkConfiguration configuration) {
    return EmbeddedClusterStore.open(directory, configuration);
  }

  @Override
  protected ClusterStore reopen() {
    return EmbeddedClusterStore.open(directory, NetworkConfiguration.defaults());
  }

  private NaruException refusedReopening() {
    NaruException refused =
        catchThrowableOfType(
            NaruException.class,
            () -> {
              ClusterStore opened = reopen();
              opened.close();
            });
    assertThat(refused).isNotNull();
    return refused;
  }

  private void fill() {
    for (int i = 0; i < 60; i++) {
      store.publishNode(Sample.node(i, store.claimPodCidrs(Sample.name(i), List.of())));
    }
  }

  @Test
  void itsFilesAreItsOwnersAlone() throws IOException {
    try (var files = Files.list(directory)) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(Files.getPosixFilePermissions(file))
                      .as(file.toString())
                      .hasToString("[OWNER_READ, OWNER_WRITE]")
                      .hasSize(2));
    }
  }

  @Test
  void aSecondProgramIsToldWhy() {
    assertThat(refusedReopening())
        .returns(ErrorCode.CONFLICT, NaruException::code)
        .hasMessageContaining("another program has")
        .hasMessageContaining("fuser");
  }

  @Test
  void aFileThatLostItsEndIsNotMistakenForAnOlderOne() throws IOException {
    fill();
    store.close();
    Path file = directory.resolve("cluster.mv");
    byte[] whole = Files.readAllBytes(file);
    for (int percent : new int[] {0, 1, 20, 40, 60, 80, 90}) {
      try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
        open.setLength(0);
        open.write(whole, 0, whole.length * percent / 100);
      }
      assertThat(refusedReopening())
          .as("%d %%", percent)
          .returns(ErrorCode.MALFORMED, NaruException::code)
          .hasMessageContaining("backup");
    }
  }

  @Test
  void aDamagedFileIsEitherReadWholeOrRefused() throws IOException {
    fill();
    var before = store.snapshot();
    store.close();
    Path file = directory.resolve("cluster.mv");
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(42);
    int refused = 0;
    for (int round = 0; round < 40; round++) {
      byte[] damaged = whole.clone();
      int from = random.nextInt(damaged.length);
      for (int i = from; i < Math.min(from + 600, damaged.length); i++) {
        damaged[i] = (byte) random.nextInt();
      }
      Files.write(file, damaged);
      try (ClusterStore opened = reopen()) {
        assertThat(opened.snapshot()).isEqualTo(before);
      } catch (NaruException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(e.sentence()).contains("backup");
        refused++;
      }
      Files.write(file, whole);
    }
    assertThat(refused).isPositive();
  }

  @Test
  void aValueThatTheDiskChangedIsNotBelieved() throws IOException {
    fill();
    store.close();
    Path file = directory.resolve("cluster.mv");
    String written = Files.readString(file, StandardCharsets.ISO_8859_1);
    String changed = written.replace("172.26.50.7", "172.26.50.9");
    assertThat(changed).isNotEqualTo(written);
    Files.writeString(file, changed, StandardCharsets.ISO_8859_1);
    assertThat(refusedReopening())
        .returns(ErrorCode.MALFORMED, NaruException::code)
        .hasMessageContaining("not those that were written");
  }
}

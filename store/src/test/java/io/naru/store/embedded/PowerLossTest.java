package io.naru.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.Sample;
import io.naru.store.state.StateEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk holds after a loss of power: what was forced, and of the mark nothing else. */
class PowerLossTest {
  private static final List<StateEvent> EVENTS =
      List.of(new StateEvent.KeyPut(Sample.name(1), "key"));

  @TempDir private Path before;
  @TempDir private Path after;

  /** Keeps what was forced. */
  private static final class ForgetfulDisk implements RevisionMark.Disk {
    private final Set<String> names = new HashSet<>();
    private Optional<byte[]> mark = Optional.empty();

    @Override
    public void force(Path file, FileChannel channel) throws IOException {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      channel.read(content, 0);
      mark = Optional.of(content.array());
    }

    @Override
    public void forceNames(Path directory) throws IOException {
      try (var files = Files.list(directory)) {
        files.forEach(file -> names.add(file.getFileName().toString()));
      }
    }

    /** The engine forces its own file's content. */
    void loseEverythingElse(Path from, Path to) throws IOException {
      for (String name : names) {
        if (name.equals("cluster.revision")) {
          Files.write(to.resolve(name), mark.orElse(new byte[0]));
        } else {
          Files.copy(from.resolve(name), to.resolve(name));
        }
      }
    }
  }

  @Test
  void theFirstAcknowledgedRevisionIsThereAndTheStoreOpens() throws Exception {
    ForgetfulDisk disk = new ForgetfulDisk();
    MvStoreJournal journal = MvStoreJournal.open(before, Sample.dualStack(), disk);
    journal.append(EVENTS, 1);
    disk.loseEverythingElse(before, after);
    journal.close();

    MvStoreJournal found = MvStoreJournal.open(after, Sample.dualStack());
    assertThat(found.initial().revision()).isEqualTo(1);
    assertThat(found.initial().pinnedKeys()).containsEntry(Sample.name(1), "key");
    found.close();
  }

  @Test
  void aStoreWhoseMarkNeverLastedIsMarkedByTheNextProgram() throws Exception {
    MvStoreJournal.open(before, Sample.dualStack()).close();
    ForgetfulDisk disk = new ForgetfulDisk();
    MvStoreJournal journal = MvStoreJournal.open(before, Sample.dualStack(), disk);
    journal.append(EVENTS, 1);
    disk.loseEverythingElse(before, after);
    journal.close();

    MvStoreJournal found = MvStoreJournal.open(after, Sample.dualStack());
    assertThat(found.initial().revision()).isEqualTo(1);
    found.close();
  }

  @Test
  void aMarkThatWasTakenAwayIsStillMissed() throws Exception {
    MvStoreJournal journal = MvStoreJournal.open(before, Sample.dualStack());
    journal.append(EVENTS, 1);
    journal.close();
    Files.delete(before.resolve("cluster.revision"));

    NaruException refused =
        catchThrowableOfType(
            NaruException.class, () -> MvStoreJournal.open(before, Sample.dualStack()).close());
    assertThat(refused)
        .returns(ErrorCode.MALFORMED, NaruException::code)
        .hasMessageContaining("cluster.revision");
  }
}

package io.naru.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.state.KernelEntry;
import io.naru.core.state.Operation;
import io.naru.core.state.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pause without a kernel: the loop is this test. */
class PauseTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Plan MANY = plan(5000);

  @TempDir Path directory;
  private Pause pause;

  @BeforeEach
  void makePause() {
    pause = new Pause(file(), () -> aPass(new Scope.Everything(), MANY), () -> NOW);
  }

  private Path file() {
    return directory.resolve("paused");
  }

  private static Plan plan(int operations) {
    List<Operation> many = new ArrayList<>();
    for (int i = 0; i < operations; i++) {
      many.add(new Operation.Remove(new KernelEntry.Setting("net/" + i, "1", Optional.empty())));
    }
    return new Plan(many);
  }

  private void aPass(Scope scope, Plan plan) {
    pause.passed(pause.round(), scope, plan);
  }

  @Test
  void ofVeryManyDifferencesTheFirstAreTold() {
    pause.begin();
    assertThat(pause.differences()).hasSize(101).last().isEqualTo("and 4900 more");
    aPass(new Scope.Everything(), plan(2));
    assertThat(pause.differences()).hasSize(2);
    pause.end();
    assertThat(pause.differences()).isEmpty();
  }

  @Test
  void whatAPassOfBeforeThePauseDidIsNoDifference() {
    Pause.Round before = pause.round();
    pause.begin();
    aPass(new Scope.Everything(), plan(2));
    pause.passed(before, new Scope.Everything(), plan(3));
    assertThat(pause.differences()).hasSize(2);
  }

  @Test
  void aPauseOutlivesTheProgramAlsoOneWhoseFileACrashCutOff() throws Exception {
    pause.begin();
    assertThat(Files.readString(file())).isEqualTo(NOW.toString());
    Pause later = new Pause(file(), () -> {}, () -> NOW.plusSeconds(60));
    assertThat(later.since()).contains(NOW);
    assertThat(later.round().paused()).isTrue();
    Files.writeString(file(), "2026-0");
    assertThat(new Pause(file(), () -> {}, () -> NOW).since()).contains(NOW);
    pause.end();
    assertThat(file()).doesNotExist();
    assertThat(new Pause(file(), () -> {}, () -> NOW).since()).isEmpty();
  }
}

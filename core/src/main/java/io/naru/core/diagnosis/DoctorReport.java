package io.naru.core.diagnosis;

import io.naru.core.path.PathState;
import java.util.List;

/**
 * All that the doctor has to say, as {@code naru doctor -o json} prints it.
 *
 * @param healthy whether everything that was examined is well
 * @param verdicts one a cause, the worst first
 * @param examined what was looked at, for people
 * @param notExamined what could not be looked at, and why
 */
public record DoctorReport(
    boolean healthy, List<Verdict> verdicts, List<String> examined, List<String> notExamined) {
  public DoctorReport {
    verdicts = List.copyOf(verdicts);
    examined = List.copyOf(examined);
    notExamined = List.copyOf(notExamined);
  }

  /** 0 healthy, 1 all named, 2 something located but not explained, 3 could not examine. */
  public int exitCode() {
    if (verdicts.isEmpty()) {
      return healthy ? 0 : 3;
    }
    return verdicts.stream().allMatch(Verdict::hasCause) ? 1 : 2;
  }

  /** How grave, for an order: broken before degraded. */
  public static int gravity(PathState state) {
    return switch (state) {
      case HEALTHY -> 0;
      case UNKNOWN -> 1;
      case DEGRADED -> 2;
      case BROKEN -> 3;
    };
  }
}

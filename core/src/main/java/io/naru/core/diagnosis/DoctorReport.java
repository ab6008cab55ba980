package io.naru.core.diagnosis;

import java.util.List;
import java.util.Optional;

/**
 * All that the doctor has to say, as {@code naru doctor -o json} prints it.
 *
 * @param healthy whether everything that was examined is well
 * @param verdicts one a cause, the worst first
 * @param examined what was looked at, for people
 * @param notExamined what could not be looked at, and why
 * @param service the walk from a service to its backends, where one was asked about
 */
public record DoctorReport(
    boolean healthy,
    List<Verdict> verdicts,
    List<String> examined,
    List<String> notExamined,
    Optional<ServiceWalk> service) {
  public DoctorReport {
    service = service == null ? Optional.empty() : service;
    verdicts = List.copyOf(verdicts);
    examined = List.copyOf(examined);
    notExamined = List.copyOf(notExamined);
  }

  /** A report that is about no service. */
  public DoctorReport(
      boolean healthy, List<Verdict> verdicts, List<String> examined, List<String> notExamined) {
    this(healthy, verdicts, examined, notExamined, Optional.empty());
  }

  /** 0 healthy, 1 all named, 2 something located but not explained, 3 could not examine. */
  public int exitCode() {
    if (verdicts.isEmpty()) {
      return healthy ? 0 : 3;
    }
    return verdicts.stream().allMatch(Verdict::hasCause) ? 1 : 2;
  }

  /**
   * What concerns packets from one node to another and their answers. Where the tunnel is blocked
   * for the answers alone, that is what the verdict says.
   *
   * @param from the sender, or empty for any
   * @param to the receiver, or empty for any
   */
  public DoctorReport about(Optional<String> from, Optional<String> to) {
    if (from.isEmpty() && to.isEmpty()) {
      return this;
    }
    List<Verdict> about =
        verdicts.stream()
            .filter(
                verdict ->
                    verdict.pairs().stream()
                        .anyMatch(pair -> isOf(pair, from, to) || isOf(pair, to, from)))
            .map(
                verdict ->
                    verdict.pairs().stream().noneMatch(pair -> isOf(pair, from, to))
                        ? verdict.ofTheWayBack()
                        : verdict)
            .toList();
    return new DoctorReport(
        about.isEmpty() && (healthy || !verdicts.isEmpty()), about, examined, notExamined, service);
  }

  private static boolean isOf(NodePair pair, Optional<String> from, Optional<String> to) {
    return from.map(pair.from()::equals).orElse(true) && to.map(pair.to()::equals).orElse(true);
  }
}

package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.ServiceWalk;
import io.naru.core.diagnosis.ServiceWalk.Result;
import io.naru.core.diagnosis.ServiceWalk.Way;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.judge.ServiceCase.Frontend;
import io.naru.core.diagnosis.judge.ServiceCase.Target;
import io.naru.core.diagnosis.judge.ServiceCase.Tried;
import io.naru.core.trace.TraceReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a service adds to a report: whose trouble it is, the service's, a path's or nobody's. */
public final class ServiceReport {
  private ServiceReport() {}

  /** The report with the service's verdicts, and what its paths' verdicts mean for it. */
  public static DoctorReport with(DoctorReport report, ServiceCase of) {
    List<Verdict> own = ServiceVerdicts.own(of);
    List<Verdict> lost =
        of.lost(report).stream()
            .map(
                each ->
                    PortVerdict.ofLost(each.trial().trace().orElseThrow(), each.trial().plain())
                        .and(
                            List.of(
                                "the service "
                                    + of.name()
                                    + ": "
                                    + each.what()
                                    + " is a backend of it"),
                            List.of()))
            .toList();
    List<Verdict> paths = new ArrayList<>();
    List<Verdict> others = new ArrayList<>();
    for (Verdict verdict : report.verdicts()) {
      if (ServicePaths.concerns(verdict, of)) {
        paths.add(ServicePaths.with(verdict, of));
      } else {
        others.add(verdict);
      }
    }
    List<Verdict> verdicts =
        Stream.of(own, paths, lost, others)
            .flatMap(List::stream)
            .sorted(Comparator.comparing(verdict -> -verdict.state().gravity()))
            .toList();
    boolean tried =
        of.trials().isEmpty()
            || of.trials().stream().anyMatch(trial -> trial.result() != Result.NOT_TRIED);
    return new DoctorReport(
        report.healthy() && verdicts.isEmpty() && tried,
        verdicts,
        Stream.concat(report.examined().stream(), Stream.of(examined(of))).toList(),
        Stream.concat(report.notExamined().stream(), notExamined(of).stream()).toList(),
        Optional.of(
            new ServiceWalk(
                of.name(),
                conclusion(of, own, paths, lost, others),
                of.frontends().stream().map(frontend -> walk(of, frontend)).toList())));
  }

  private static ServiceWalk.Frontend walk(ServiceCase of, Frontend frontend) {
    return new ServiceWalk.Frontend(
        frontend.address(),
        frontend.port(),
        frontend.protocol(),
        frontend.targets().stream()
            .map(
                target ->
                    new ServiceWalk.Target(
                        target.address(),
                        target.port(),
                        target.node(),
                        target.state(),
                        of.trials().stream()
                            .filter(trial -> trial.isOf(frontend, target))
                            .map(
                                trial ->
                                    new Way(
                                        trial.from(),
                                        trial.result().toString(),
                                        trial.trace().flatMap(TraceReport::lastSeen),
                                        trial.trace().flatMap(TraceReport::notSeen)))
                            .toList()))
            .toList());
  }

  private static String examined(ServiceCase of) {
    int backends = backends(of).size();
    return "the service "
        + of.name()
        + " with "
        + backends
        + (backends == 1 ? " backend" : " backends")
        + " from "
        + (of.trials().isEmpty() ? "nowhere" : String.join(", ", askers(of)));
  }

  private static List<String> notExamined(ServiceCase of) {
    List<String> sentences = new ArrayList<>();
    Set<String> taken = new TreeSet<>();
    int untried = 0;
    Set<String> failures = new LinkedHashSet<>();
    for (Tried each : of.tried()) {
      if (each.trial().result() == Result.TAKEN) {
        taken.add(each.what());
      }
      if (each.trial().result() == Result.NOT_TRIED) {
        untried++;
        each.trial()
            .failure()
            .ifPresent(why -> failures.add(each.trial().from() + " did not try: " + why));
      }
    }
    if (!taken.isEmpty()) {
      sentences.add(
          "whether "
              + String.join(", ", taken)
              + (taken.size() == 1 ? " is" : " are")
              + " answered: datagrams arrive there and are not refused, so somebody has the port,"
              + " and who has it may not answer such ones");
    }
    sentences.addAll(failures);
    if (untried > 0 && failures.isEmpty()) {
      sentences.add(
          untried
              + " more of the ways to the backends of "
              + of.name()
              + ": they are too many; see naru doctor --service "
              + of.name()
              + " --from NODE");
    }
    return sentences;
  }

  private static Set<String> backends(ServiceCase of) {
    return of.frontends().stream()
        .flatMap(frontend -> frontend.targets().stream())
        .map(Target::address)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Set<String> askers(ServiceCase of) {
    return of.trials().stream()
        .map(ServiceCase.Trial::from)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String conclusion(
      ServiceCase of,
      List<Verdict> own,
      List<Verdict> paths,
      List<Verdict> lost,
      List<Verdict> others) {
    boolean pathTrouble = !paths.isEmpty() || !lost.isEmpty();
    if (!own.isEmpty()) {
      return "The trouble is the service's own: "
          + own.getFirst().title()
          + "."
          + (pathTrouble ? " And a path to its backends is in trouble too." : "")
          + (pathTrouble ? "" : " The network carries what it is given.");
    }
    if (pathTrouble) {
      return "The service is innocent, and what it serves: the trouble is on the way. " + share(of);
    }
    if (of.trials().stream().allMatch(trial -> trial.result() == Result.NOT_TRIED)) {
      return "Nothing can be said of its backends: none was tried.";
    }
    return "The service, its backends and the paths to them are well: nothing between "
        + String.join(", ", askers(of))
        + " and the backends loses packets. Where clients fail nevertheless, look at what the"
        + " backends answer."
        + (others.isEmpty() ? "" : " What else was found does not concern it.");
  }

  /** What part of the connections fails, from where it is the most. */
  private static String share(ServiceCase of) {
    String worst = "";
    double most = 0;
    for (String from : askers(of)) {
      Set<String> chosen = new TreeSet<>();
      Set<String> lost = new TreeSet<>();
      for (Tried each : of.tried()) {
        Result result = each.trial().result();
        if (each.trial().from().equals(from) && each.isChosen(of) && result != Result.NOT_TRIED) {
          chosen.add(each.target().address());
          if (!result.isWell()) {
            lost.add(each.target().address());
          }
        }
      }
      int failing = lost.size();
      if (!chosen.isEmpty() && (double) failing / chosen.size() > most) {
        most = (double) failing / chosen.size();
        worst =
            failing == chosen.size()
                ? "From " + from + " no backend can be reached."
                : "From "
                    + from
                    + " about "
                    + failing
                    + " of "
                    + chosen.size()
                    + " new connections fail: so many of its backends are behind it.";
      }
    }
    return worst.isEmpty()
        ? "New connections go to backends that can be reached, and work."
        : worst;
  }
}

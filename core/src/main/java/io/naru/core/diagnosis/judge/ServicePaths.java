package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.ServiceWalk.Result;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.judge.ServiceCase.Target;
import io.naru.core.diagnosis.judge.ServiceCase.Tried;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a path in trouble means for a service. */
final class ServicePaths {
  private static final int MOST_LINES = 8;

  private ServicePaths() {}

  /** Whether a backend lies behind one of the verdict's paths. */
  static boolean concerns(Verdict verdict, ServiceCase of) {
    return of.tried().stream().anyMatch(each -> isBehind(verdict, each));
  }

  private static boolean isBehind(Verdict verdict, Tried each) {
    return verdict.pairs().stream().anyMatch(pair -> each.trial().isOn(pair, each.target()));
  }

  /** The verdict with what it means for the service, and why the service is innocent. */
  static Verdict with(Verdict verdict, ServiceCase of) {
    List<Tried> behind = of.tried().stream().filter(each -> isBehind(verdict, each)).toList();
    return verdict.and(meaning(behind, of), innocence(verdict, behind, of));
  }

  private static List<String> meaning(List<Tried> behind, ServiceCase of) {
    Map<String, Set<String>> froms = new LinkedHashMap<>();
    for (Tried each : behind) {
      String start =
          "the service "
              + of.name()
              + ": its backend "
              + each.target().where()
              + " is behind this path; ";
      froms
          .computeIfAbsent(start + outcome(each, of), line -> new TreeSet<>())
          .add(each.trial().from());
    }
    return froms.entrySet().stream()
        .map(line -> line.getKey().replace("FROM", String.join(", ", line.getValue())))
        .limit(MOST_LINES)
        .toList();
  }

  private static String outcome(Tried each, ServiceCase of) {
    if (each.trial().result() == Result.NOT_TRIED) {
      return "it was not tried from FROM";
    }
    if (!each.isChosen(of)) {
      return each.trial().result().isWell()
          ? "a probe from FROM came through all the same, and new connections go elsewhere"
          : "it gets no new connections from FROM meanwhile: they go to backends that can be"
              + " reached";
    }
    return each.trial().result().isWell()
        ? "a probe from FROM came through all the same"
        : "connections to it from FROM fail";
  }

  private static List<String> innocence(Verdict verdict, List<Tried> behind, ServiceCase of) {
    List<String> lines = new ArrayList<>();
    Set<String> said = new TreeSet<>();
    Set<String> asking = new TreeSet<>();
    behind.forEach(each -> asking.add(each.trial().fromNode()));
    for (Tried each : of.tried()) {
      if (asking.contains(each.trial().fromNode())
          && each.trial().result().isWell()
          && !isBehind(verdict, each)
          && said.add(each.target().address())) {
        lines.add(
            "the service: its other backend "
                + each.target().where()
                + (each.trial().result() == Result.ANSWERS ? " answers " : " gets packets of ")
                + each.trial().from());
      }
    }
    for (String node : asking) {
      List<String> leads =
          of.frontends().stream()
              .flatMap(frontend -> frontend.targets().stream())
              .filter(target -> target.chosenBy().contains(node))
              .map(Target::address)
              .distinct()
              .toList();
      if (!leads.isEmpty()) {
        lines.add("the service's table on " + node + ": it leads to " + String.join(", ", leads));
      }
    }
    return lines.stream().limit(MOST_LINES).toList();
  }
}

package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.Finding.Place;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.rule.Rules;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes verdicts of what the nodes observed. Pure: the same evidence, the same report. */
public final class Diagnosis {
  private Diagnosis() {}

  /**
   * The report.
   *
   * @param nodes evidence of each node that could be asked
   * @param unasked nodes that could not, and why, a sentence each
   */
  public static DoctorReport of(List<NodeEvidence> nodes, List<String> unasked) {
    Map<String, NodeEvidence> byName = new TreeMap<>();
    nodes.forEach(node -> byName.put(node.node(), node));
    Map<NodePair, PathWord> words = words(nodes);
    AbsentAgents absent = new AbsentAgents(byName, words.values());
    List<PathCase> cases = cases(words, absent);
    Map<String, List<Explained>> byCause = new LinkedHashMap<>();
    cases.stream()
        .filter(path -> TrainWords.over(path).isEmpty())
        .map(TrainWords::counted)
        .filter(path -> path.state() != PathState.HEALTHY)
        .map(path -> new Explained(path, Rules.explain(path)))
        .filter(each -> each.finding().hasCause() || !absent.adopt(each.path().word()))
        .forEach(
            explained ->
                byCause
                    .computeIfAbsent(explained.finding().cause(), cause -> new ArrayList<>())
                    .add(explained));
    Set<NodePair> dead = new HashSet<>(absent.pairs());
    byCause.values().stream()
        .flatMap(List::stream)
        .filter(each -> Channels.closesChannel(each.finding()))
        .forEach(each -> dead.add(each.path().pair()));
    Set<NodePair> troubled = new HashSet<>();
    byCause.values().stream()
        .flatMap(List::stream)
        .forEach(each -> troubled.add(each.path().pair()));
    List<Verdict> forwarding = ForwardVerdicts.of(byName, troubled);
    Set<String> told = new HashSet<>(byCause.keySet());
    forwarding.forEach(verdict -> told.add(verdict.fault()));
    List<Verdict> verdicts =
        Stream.concat(
                Stream.concat(
                    byCause.values().stream().map(Diagnosis::verdict), absent.verdicts().stream()),
                Stream.concat(
                    NodeVerdicts.of(byName, told).stream(),
                    Stream.concat(forwarding.stream(), Channels.verdicts(byName, dead).stream())))
            .sorted(
                Comparator.comparing((Verdict verdict) -> -verdict.state().gravity())
                    .thenComparing(verdict -> -verdict.pairs().size()))
            .toList();
    List<String> notExamined = new ArrayList<>(unasked);
    Map<String, List<String>> byOmission = new LinkedHashMap<>();
    byName
        .values()
        .forEach(
            node ->
                node.notChecked()
                    .forEach(
                        omission ->
                            byOmission
                                .computeIfAbsent(omission, o -> new ArrayList<>())
                                .add(node.node())));
    byOmission.forEach(
        (omission, where) -> notExamined.add(String.join(", ", where) + ": " + omission));
    return new DoctorReport(
        verdicts.isEmpty() && !words.isEmpty() || verdicts.isEmpty() && nodes.size() == 1,
        verdicts,
        examined(nodes, words, cases),
        notExamined);
  }

  private static List<PathCase> cases(Map<NodePair, PathWord> words, AbsentAgents absent) {
    return words.values().stream()
        .filter(word -> !absent.explain(word))
        .map(absent::asItIs)
        .map(
            word ->
                new PathCase(
                    word,
                    absent.witness(word.from(), word.to()),
                    absent.witness(word.to(), word.from())))
        .toList();
  }

  private record Explained(PathCase path, Finding finding) {}

  private static List<String> examined(
      List<NodeEvidence> nodes, Map<NodePair, PathWord> words, List<PathCase> cases) {
    return Stream.concat(
            Stream.of(
                nodes.size() + (nodes.size() == 1 ? " node" : " nodes"),
                words.size() + (words.size() == 1 ? " path" : " paths")),
            cases.stream().flatMap(path -> TrainWords.over(path).stream()))
        .toList();
  }

  /** Of each path that is in use, the word that says most. */
  private static Map<NodePair, PathWord> words(List<NodeEvidence> nodes) {
    Map<NodePair, PathWord> best = new TreeMap<>();
    for (NodeEvidence node : nodes) {
      for (PathWord word : node.paths()) {
        // Of two that know as much, the sender's: its taps come first.
        boolean own = word.from().equals(node.node());
        if (word.chosen()) {
          best.merge(
              new NodePair(word.from(), word.to()),
              word,
              (a, b) -> weight(b) > weight(a) || own && weight(b) == weight(a) ? b : a);
        }
      }
    }
    return best;
  }

  private static int weight(PathWord word) {
    int state =
        switch (word.state()) {
          case BROKEN -> 40;
          case DEGRADED -> 30;
          case HEALTHY -> 20;
          case UNKNOWN -> 10;
        };
    return state + (word.lastSeen().isPresent() ? 2 : 0) + (word.notSeen().isPresent() ? 1 : 0);
  }

  /** How many more have the cause that was told of the first. */
  static String others(int all, String what) {
    int more = all - 1;
    return more == 0 ? "" : " (and " + more + " more " + what + (more == 1 ? ")" : "s)");
  }

  /** A probe's way ends at the agent; that of a pod's packet goes on to the pod's interface. */
  private static String asPodsSeeIt(String tap) {
    return tap.replace("/agent", "/veth");
  }

  private static Verdict verdict(List<Explained> together) {
    Explained first =
        together.stream()
            .max(Comparator.comparing(explained -> weight(explained.path().word())))
            .orElseThrow();
    Finding finding = first.finding();
    PathState worst =
        together.stream()
            .map(each -> each.path().state())
            .max(Comparator.comparing(PathState::gravity))
            .orElse(PathState.UNKNOWN);
    return new Verdict(
        Verdict.code(finding.fault()),
        finding.fault(),
        worst,
        finding.title() + others(together.size(), "path"),
        together.stream().map(each -> each.path().pair()).sorted().toList(),
        finding.place().map(Place::lastSeen).or(() -> first.path().word().lastSeen()),
        finding
            .place()
            .map(Place::notSeen)
            .or(() -> first.path().word().notSeen().map(Diagnosis::asPodsSeeIt)),
        finding.certainty(),
        Stream.concat(first.path().place().stream(), finding.evidence().stream()).toList(),
        finding.ruledOut(),
        finding.notChecked(),
        together.stream().flatMap(each -> each.finding().remedy().stream()).distinct().toList());
  }
}

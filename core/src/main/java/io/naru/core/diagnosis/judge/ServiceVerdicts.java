package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.ServiceWalk.Result;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.judge.ServiceCase.Frontend;
import io.naru.core.diagnosis.judge.ServiceCase.Tried;
import io.naru.core.path.PathState;
import io.naru.core.trace.TraceReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The trouble that is a service's own, whatever the network does. */
final class ServiceVerdicts {
  static final String FAULT = "service-broken";
  private static final String NOT_READY = "not-ready";
  private static final int MOST_LINES = 8;

  private final ServiceCase of;
  private final List<Verdict> verdicts = new ArrayList<>();

  private ServiceVerdicts(ServiceCase of) {
    this.of = of;
  }

  /** One verdict a cause. */
  static List<Verdict> own(ServiceCase of) {
    ServiceVerdicts made = new ServiceVerdicts(of);
    made.nobodyServes();
    made.nobodyNear();
    made.dead();
    made.refused();
    made.silent();
    return List.copyOf(made.verdicts);
  }

  /** Frontends that lead to no backend at all. */
  private void nobodyServes() {
    nobody(
        frontend -> frontend.targets().isEmpty(),
        "no backend",
        "the store has no backend for it",
        Remedy.judged(
            "give it backends: type what made it again, with --backend",
            "naru service add " + of.name() + " --port PORT:TARGET --backend pod:POD"));
    nobody(
        frontend ->
            !frontend.targets().isEmpty()
                && frontend.targets().stream()
                    .allMatch(t -> t.state().equals(NOT_READY) && t.chosenBy().isEmpty()),
        "no backend that is ready",
        "all of its backends are said to be not ready",
        Remedy.judged(
            "find out why they are not ready, and say so when they are",
            "naru service list -o wide"));
  }

  private void nobody(Predicate<Frontend> lacks, String what, String seen, Remedy remedy) {
    List<Frontend> lacking = of.frontends().stream().filter(lacks).toList();
    if (lacking.isEmpty()) {
      return;
    }
    boolean all = lacking.size() == of.frontends().size();
    List<String> evidence = new ArrayList<>();
    evidence.add(seen);
    lacking.stream()
        .limit(MOST_LINES)
        .forEach(frontend -> evidence.add(at(frontend) + " leads to nobody"));
    verdicts.add(
        verdict(
            all ? PathState.BROKEN : PathState.DEGRADED,
            "the service "
                + of.name()
                + " has "
                + what
                + (all ? "" : " at " + at(lacking.getFirst()))
                + ": connections to it are refused",
            List.of(),
            Optional.empty(),
            evidence,
            List.of("the network: it is not even asked, for nodes refuse such connections at once"),
            List.of(),
            List.of(remedy)));
  }

  /** Nodes that may use no backend but their own, and have none. */
  private void nobodyNear() {
    Set<String> nodes = new TreeSet<>();
    for (Frontend frontend : of.frontends()) {
      boolean served =
          frontend.targets().stream().anyMatch(target -> !target.chosenBy().isEmpty())
              || frontend.targets().stream().anyMatch(t -> !t.state().equals(NOT_READY));
      for (String node : of.observers()) {
        if (served
            && !frontend.targets().isEmpty()
            && frontend.targets().stream().noneMatch(t -> t.chosenBy().contains(node))) {
          nodes.add(node);
        }
      }
    }
    if (nodes.isEmpty()) {
      return;
    }
    String where = String.join(", ", nodes);
    verdicts.add(
        verdict(
            PathState.DEGRADED,
            "the service " + of.name() + " refuses connections from " + where,
            List.of(),
            Optional.empty(),
            List.of(
                "it keeps connections on their own node (internal policy local), and none of its"
                    + " backends is on "
                    + where),
            List.of("the network: such connections do not leave their node"),
            List.of(),
            List.of(
                Remedy.judged(
                    "give those nodes a backend, or let connections go to other nodes: type what"
                        + " made it again with",
                    "naru service add " + of.name() + " … --internal-policy cluster"))));
  }

  private void dead() {
    each(
        each ->
            ServiceCase.isDead(each)
                && (each.trial().result() == Result.LOST
                    || each.trial().result() == Result.SILENT
                    || each.trial().result() == Result.TAKEN),
        first ->
            "a backend of "
                + of.name()
                + " is nobody's address: "
                + first.target().where()
                + " has no pod with it",
        each ->
            each.target().where()
                + ": that node's agent knows no pod with the address; "
                + sentence(each),
        "the network: the node that has the block of this address refuses it, as it should",
        Optional.empty(),
        List.of(
            Remedy.judged("compare with the pods there are", "naru pod list"),
            Remedy.judged(
                "take it out of the service: type what made it again, without it",
                "naru service list")));
  }

  private void refused() {
    each(
        each -> each.trial().result() == Result.REFUSED,
        first -> "nobody listens on " + first.what() + ", a backend of " + of.name(),
        this::sentence,
        "the network: packets and refusals pass every hop",
        Optional.empty(),
        List.of(
            Remedy.judged(
                "in the backend, start what should listen there, or look on which address and port"
                    + " it listens",
                "ss -lntup"),
            Remedy.judged(
                "look whether the service means that port, and type what made it again with the"
                    + " right one",
                "naru service list")));
  }

  private void silent() {
    each(
        each -> each.trial().result() == Result.SILENT && !ServiceCase.isDead(each),
        first -> "a backend of " + of.name() + " does not answer: " + first.what(),
        this::sentence,
        "the network on the way there: the packets are seen at the backend",
        Optional.of("what happens within the backend: a filter of its own, or a full queue"),
        List.of(
            Remedy.judged(
                "in the backend, look at its own filter and at ListenOverflows",
                "nft list ruleset; nstat -az TcpExtListenOverflows; ss -lnt")));
  }

  private void each(
      Predicate<Tried> found,
      Function<Tried, String> title,
      Function<Tried, String> seen,
      String ruledOut,
      Optional<String> notChecked,
      List<Remedy> remedy) {
    Predicate<Tried> isMeant = found.and(Tried::isUsed);
    Map<String, Tried> byBackend = new LinkedHashMap<>();
    of.tried().stream().filter(isMeant).forEach(each -> byBackend.putIfAbsent(each.what(), each));
    if (byBackend.isEmpty()) {
      return;
    }
    List<Tried> meant = List.copyOf(byBackend.values());
    Tried first = meant.getFirst();
    verdicts.add(
        verdict(
            othersServe(isMeant) ? PathState.DEGRADED : PathState.BROKEN,
            title.apply(first) + Diagnosis.others(meant.size(), "port"),
            of.tried().stream()
                .filter(isMeant)
                .flatMap(each -> pair(each).stream())
                .distinct()
                .sorted()
                .toList(),
            first.trial().trace(),
            meant.stream().map(seen).limit(MOST_LINES).toList(),
            Stream.concat(Stream.of(ruledOut), others(isMeant)).toList(),
            notChecked.stream().toList(),
            remedy));
  }

  private boolean othersServe(Predicate<Tried> isMeant) {
    return of.tried().stream()
        .anyMatch(each -> !isMeant.test(each) && each.trial().result().isWell());
  }

  private Stream<String> others(Predicate<Tried> isMeant) {
    return of.tried().stream()
        .filter(each -> !isMeant.test(each) && each.trial().result() == Result.ANSWERS)
        .map(each -> "the service's other backends: " + each.what() + " answers")
        .distinct()
        .limit(2);
  }

  private static Optional<NodePair> pair(Tried each) {
    return each.target().node().map(node -> new NodePair(each.trial().fromNode(), node));
  }

  private String sentence(Tried each) {
    return each.what()
        + ", asked from "
        + each.trial().from()
        + ": "
        + each.trial().trace().map(TraceReport::sentence).orElse("not tried");
  }

  private String at(Frontend frontend) {
    String address = frontend.address().orElse("the name of the service");
    String host =
        frontend.port().isPresent() && address.contains(":") ? "[" + address + "]" : address;
    return host + frontend.port().map(port -> ":" + port + "/" + frontend.probe()).orElse("");
  }

  private static Verdict verdict(
      PathState state,
      String title,
      List<NodePair> pairs,
      Optional<TraceReport> trace,
      List<String> evidence,
      List<String> ruledOut,
      List<String> notChecked,
      List<Remedy> remedy) {
    return new Verdict(
        Verdict.code(FAULT),
        FAULT,
        state,
        title,
        pairs,
        trace.flatMap(TraceReport::lastSeen),
        trace.flatMap(TraceReport::notSeen),
        Certainty.OBSERVED,
        evidence,
        ruledOut,
        notChecked,
        remedy);
  }
}

package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import io.naru.core.trace.Outcome;
import io.naru.core.trace.TraceReport;
import io.naru.core.trace.TraceReport.Drop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a trace to one port adds to a report; pure. */
public final class PortVerdict {
  private PortVerdict() {}

  /**
   * The report with the port's verdict, if the port is in trouble that no other verdict explains.
   *
   * @param port the trace to the port
   * @param plain a trace between the same ends without a port, if one was made
   */
  public static DoctorReport with(
      DoctorReport report, TraceReport port, Optional<TraceReport> plain) {
    Optional<Verdict> verdict = of(report, port, plain);
    List<String> examined =
        append(report.examined(), port.what() + " from " + port.from() + " to " + port.to());
    List<String> notExamined = new ArrayList<>(report.notExamined());
    notExamined.addAll(port.notWatched());
    if (isSilentDatagram(port)) {
      notExamined.add(
          "whether "
              + port.to()
              + " serves "
              + port.what()
              + ": the datagrams arrive there, and who listens may not answer such ones");
    }
    return new DoctorReport(
        report.healthy() && verdict.isEmpty(),
        Stream.concat(verdict.stream(), report.verdicts().stream()).toList(),
        examined,
        notExamined);
  }

  /** Whether a trace without a port would tell more. */
  public static boolean needsPlainTrace(TraceReport port) {
    return isLost(port);
  }

  /**
   * What to say of a trace whose probes were lost where no path is in trouble.
   *
   * @param plain a trace between the same ends without a port, if one was made
   */
  public static Verdict ofLost(TraceReport port, Optional<TraceReport> plain) {
    boolean othersPass = plain.filter(trace -> trace.is(Outcome.ANSWERED)).isPresent();
    return othersPass || !port.drops().isEmpty()
        ? policy(port, othersPass)
        : unexplained(port, plain);
  }

  private static boolean isLost(TraceReport port) {
    return port.is(Outcome.LOST)
        || port.is(Outcome.PARTLY_LOST)
        || port.is(Outcome.REJECTED)
        || port.is(Outcome.NOT_SENT);
  }

  private static boolean isSilentDatagram(TraceReport port) {
    return port.is(Outcome.DELIVERED) && port.protocol().equals("udp");
  }

  private static Optional<Verdict> of(
      DoctorReport report, TraceReport port, Optional<TraceReport> plain) {
    if (port.is(Outcome.REFUSED)) {
      return Optional.of(noListener(port));
    }
    if (port.is(Outcome.DELIVERED) && !isSilentDatagram(port)) {
      return Optional.of(silent(port));
    }
    boolean told =
        report.verdicts().stream()
            .anyMatch(
                verdict ->
                    verdict.pairs().contains(pair(port))
                        || verdict.pairs().contains(pair(port).reversed()));
    return isLost(port) && !told ? Optional.of(ofLost(port, plain)) : Optional.empty();
  }

  private static Verdict noListener(TraceReport port) {
    String fault = "service-no-listener";
    return verdict(
        fault,
        PathState.DEGRADED,
        "nobody listens on " + port.what() + " in " + port.to() + "; the network carries it",
        port,
        List.of(
            port.refused()
                + "/"
                + port.sent()
                + " were refused by "
                + port.destination()
                + " itself, and the refusals came back"),
        List.of("the network: packets and refusals pass every hop"),
        List.of(),
        List.of(
            Remedy.judged(
                "start what should listen there, or look on which address it listens",
                "ss -lntup")));
  }

  private static Verdict silent(TraceReport port) {
    return verdict(
        "service-silent",
        PathState.DEGRADED,
        port.to() + " gets " + port.what() + " and does not answer",
        port,
        List.of(port.sentence()),
        List.of("the network on the way there: the packets are seen at " + port.to()),
        List.of("what happens within " + port.to() + ": a filter of its own, or a full queue"),
        List.of(
            Remedy.judged(
                "in " + port.to() + ", look at its own filter and at ListenOverflows",
                "nft list ruleset; nstat -az TcpExtListenOverflows; ss -lnt")));
  }

  private static Verdict policy(TraceReport port, boolean othersPass) {
    Optional<Drop> drop = port.drops().stream().findFirst();
    List<String> evidence = new ArrayList<>();
    evidence.add(port.sentence());
    drop.ifPresent(
        rule ->
            evidence.add(
                "a trace of it ended on "
                    + rule.node()
                    + " in nft chain "
                    + rule.chain()
                    + " at: "
                    + rule.rule()));
    if (othersPass) {
      evidence.add("ICMP echo between the same ends is answered");
    }
    return new Verdict(
        Verdict.code("policy-one-port"),
        "policy-one-port",
        PathState.DEGRADED,
        drop.map(rule -> rule.node() + " drops " + way(port) + ": " + rule.rule())
            .orElse(way(port) + " is lost, while ICMP echo between the same ends passes"),
        List.of(pair(port)),
        port.lastSeen(),
        port.notSeen(),
        Certainty.OBSERVED,
        evidence,
        othersPass
            ? List.of("the path as a whole: other traffic between the same ends passes")
            : List.of("the path between the nodes: their own probes pass"),
        drop.isPresent()
            ? List.of()
            : List.of("which rule it is: filters that nft does not show (iptables-legacy, eBPF)"),
        List.of(
            drop.map(
                    rule ->
                        Remedy.judged(
                            "on " + rule.node() + ", change the policy if the port should be open",
                            rule.handle()
                                .map(h -> "nft delete rule " + rule.chain() + " handle " + h)
                                .orElse("nft list chain " + rule.chain())))
                .orElse(
                    Remedy.judged(
                        "look for a rule about "
                            + port.what()
                            + " behind "
                            + port.lastSeen().orElse(port.from()),
                        "nft list ruleset; iptables-save"))));
  }

  private static Verdict unexplained(TraceReport port, Optional<TraceReport> plain) {
    return verdict(
        Verdict.UNEXPLAINED,
        PathState.BROKEN,
        port.sentence(),
        port,
        Stream.concat(
                Stream.of(port.sentence()),
                plain.stream().map(trace -> "without a port: " + trace.sentence()))
            .toList(),
        List.of("the path between the nodes: their own probes pass"),
        List.of("filters that nft does not show (iptables-legacy, eBPF)"),
        List.of(Remedy.judged("look at every hop", "naru trace " + port.from() + " " + port.to())));
  }

  private static Verdict verdict(
      String fault,
      PathState state,
      String title,
      TraceReport port,
      List<String> evidence,
      List<String> ruledOut,
      List<String> notChecked,
      List<Remedy> remedy) {
    return new Verdict(
        Verdict.code(fault),
        fault,
        state,
        title,
        List.of(pair(port)),
        port.lastSeen(),
        port.notSeen(),
        Certainty.OBSERVED,
        evidence,
        ruledOut,
        notChecked,
        remedy);
  }

  private static String way(TraceReport port) {
    return port.what() + " from " + port.from() + " to " + port.to();
  }

  private static NodePair pair(TraceReport port) {
    return new NodePair(port.fromNode().orElse(port.from()), port.toNode().orElse(port.to()));
  }

  private static List<String> append(List<String> list, String last) {
    return Stream.concat(list.stream(), Stream.of(last)).toList();
  }
}

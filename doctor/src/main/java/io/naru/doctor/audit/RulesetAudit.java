package io.naru.doctor.audit;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.path.VxlanPort;
import io.naru.doctor.audit.rules.Question;
import io.naru.doctor.audit.rules.Ruleset;
import io.naru.doctor.audit.rules.Walk;
import io.naru.doctor.audit.rules.Walk.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether a host's packet filter lets through what a network needs between its nodes. */
public final class RulesetAudit {
  private static final String OTHERS = "the other nodes";

  private final Ruleset ruleset;
  private final IpFamily family;
  private final List<Optional<IpAddress>> peers;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> open = new ArrayList<>();
  private final Set<String> notChecked = new TreeSet<>();

  private RulesetAudit(Ruleset ruleset, AuditOptions options) {
    this.ruleset = ruleset;
    this.family = family(ruleset, options);
    List<Optional<IpAddress>> known =
        options.nodeAddresses().stream()
            .filter(address -> address.family() == family)
            .sorted()
            .map(Optional::of)
            .toList();
    this.peers = known.isEmpty() ? List.of(Optional.empty()) : known;
  }

  private static IpFamily family(Ruleset ruleset, AuditOptions options) {
    return switch (ruleset.dialect()) {
      case IPTABLES -> IpFamily.IPV4;
      case IP6TABLES -> IpFamily.IPV6;
      case NFT ->
          !options.nodeAddresses().isEmpty()
                  && options.nodeAddresses().stream().allMatch(IpAddress::isIpv6)
              ? IpFamily.IPV6
              : IpFamily.IPV4;
    };
  }

  /** Audits. */
  public static AuditReport audit(Ruleset ruleset, AuditOptions options) {
    RulesetAudit audit = new RulesetAudit(ruleset, options);
    for (Need need : options.needs()) {
      audit.direction(need, true);
      audit.direction(need, false);
    }
    audit.notChecked.add(
        ruleset.file() + ": chains of nat and forward, and whether the other family passes");
    return new AuditReport(
        options.network(),
        List.of(ruleset.file()),
        audit.findings,
        audit.open,
        List.of(),
        List.copyOf(audit.notChecked));
  }

  private Question question(Need need, boolean inbound, Optional<IpAddress> peer) {
    return new Question(family, inbound, need.number(), need.port(), peer);
  }

  /** A peer whose packets are dropped, and how. */
  private record Closed(Optional<IpAddress> peer, Outcome outcome) {}

  private void direction(Need need, boolean inbound) {
    List<Closed> closed = new ArrayList<>();
    for (Optional<IpAddress> peer : peers) {
      Outcome outcome = Walk.of(ruleset, question(need, inbound, peer));
      if (!outcome.passes()) {
        closed.add(new Closed(peer, outcome));
      }
      outcome
          .perhaps()
          .forEach(
              rule ->
                  notChecked.add(
                      ruleset.file() + ": when this drops " + need + ": " + rule.text()));
    }
    if (closed.isEmpty()) {
      open.add(ruleset.file() + " lets " + need + (inbound ? " in" : " out"));
    } else {
      findings.add(finding(need, inbound, closed));
    }
  }

  private Finding finding(Need need, boolean inbound, List<Closed> closed) {
    Outcome outcome = closed.getFirst().outcome();
    String who =
        closed.stream()
            .map(each -> each.peer().map(IpAddress::toString).orElse(OTHERS))
            .collect(Collectors.joining(", "));
    List<String> evidence = new ArrayList<>();
    evidence.add(dropped(outcome));
    outcome
        .unless()
        .forEach(rule -> evidence.add("accepted only under a condition: " + rule.text()));
    String code = code(need, inbound, closed, evidence);
    String host = ruleset.file();
    return new Finding(
        code,
        need,
        host,
        inbound ? who : host,
        inbound ? host : who,
        host
            + " does not let "
            + need
            + (inbound ? " in from " : " out to ")
            + who
            + (outcome.unless().isEmpty() ? "" : ", or not always"),
        evidence,
        outcome.unless().isEmpty(),
        remedies(need, inbound, closed, outcome));
  }

  private static String dropped(Outcome outcome) {
    String chain =
        outcome
            .chain()
            .map(each -> each.family() + " " + each.table() + " " + each.name())
            .orElse("");
    return outcome
        .rule()
        .map(rule -> "dropped by " + rule.text())
        .orElse("no rule accepts it, and the policy of " + chain + " is to drop");
  }

  private String code(Need need, boolean inbound, List<Closed> closed, List<String> evidence) {
    if (closed.size() < peers.size()) {
      return Finding.SOME_NODES;
    }
    Question question = question(need, inbound, closed.getFirst().peer());
    Outcome outcome = closed.getFirst().outcome();
    int otherProtocol = need.number() == 17 ? 6 : 17;
    if (need.port() > 0 && Walk.of(ruleset, question.with(otherProtocol, need.port())).passes()) {
      evidence.add(
          (otherProtocol == 6 ? "TCP " : "UDP ") + need.port() + " passes, " + need + " does not");
      return Finding.WRONG_PROTOCOL;
    }
    if (need.number() == 17 && VxlanPort.USUAL.contains(need.port())) {
      for (int port : VxlanPort.USUAL) {
        if (port != need.port() && Walk.of(ruleset, question.with(17, port)).passes()) {
          evidence.add("UDP " + port + " passes, " + need + " does not");
          return Finding.WRONG_PORT;
        }
      }
    }
    return outcome.rule().isPresent() ? Finding.DROPPED : Finding.CLOSED;
  }

  private List<Remedy> remedies(Need need, boolean inbound, List<Closed> closed, Outcome outcome) {
    List<Remedy> remedies = new ArrayList<>();
    outcome
        .chain()
        .ifPresent(
            chain -> {
              for (Closed each : closed) {
                FilterCommands.accept(ruleset, chain, need, inbound, each.peer())
                    .ifPresent(
                        command ->
                            remedies.add(
                                Remedy.judged(
                                    "let "
                                        + need
                                        + (inbound ? " in from " : " out to ")
                                        + each.peer().map(IpAddress::toString).orElse(OTHERS),
                                    command)));
              }
            });
    return remedies;
  }
}

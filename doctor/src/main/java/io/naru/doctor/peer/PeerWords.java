package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.SecurityGroupCommand;
import io.naru.core.diagnosis.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Puts a report into the words of a network that is not Naru's: what was counted, which end nobody
 * looked at, and what to type there.
 *
 * @param nodes what was looked at, by name
 */
record PeerWords(Map<String, LookEvidence> nodes) {
  /** Sentences of the rules that are true of Naru's own nodes only. */
  private static final Pattern OF_NARU =
      Pattern.compile(
          "(?i)\\b(naru|agents?|agent's|the store|network's file|vxlanPort|transport:)");

  /** Causes that an end sees by itself, without the other one's word. */
  private static final Set<String> SEEN_FROM_ONE_END =
      Set.of(
          "underlay-rejected",
          "port-mismatch",
          "host-output-drop",
          "mtu-fragmenting",
          "outer-checksum",
          "outer-ecn-marked",
          "ip-forward-off",
          "rp-filter",
          "forward-drop",
          "mtu-pod-too-big");

  PeerWords {
    nodes = Map.copyOf(nodes);
  }

  DoctorReport of(DoctorReport report) {
    return new DoctorReport(
        report.healthy(),
        report.verdicts().stream().map(this::of).toList(),
        report.examined(),
        report.notExamined());
  }

  private Verdict of(Verdict verdict) {
    Optional<PeerPath> path = verdict.pairs().stream().flatMap(p -> path(p).stream()).findFirst();
    List<Difference> differences = differences(verdict);
    boolean oneEnd =
        differences.isEmpty()
            && !SEEN_FROM_ONE_END.contains(verdict.fault())
            && path.filter(p -> !p.isSeenFromBothEnds()).isPresent();
    boolean eitherWay = oneEnd && isEitherWay(path.get());
    boolean forNobody = path.filter(PeerPath::isForNobody).isPresent();
    List<String> evidence = new ArrayList<>(withoutNaru(verdict.evidence()));
    evidence.removeIf(sentence -> sentence.startsWith("probes were seen at no tap"));
    if (oneEnd || forNobody) { // nobody was at the other end's taps
      evidence.removeIf(sentence -> sentence.startsWith("probes were seen at "));
    }
    evidence.removeIf(sentence -> sentence.startsWith("how large they may be"));
    differences.forEach(each -> evidence.add(each.node() + ": " + each.sentence()));
    path.ifPresent(p -> evidence.addAll(p.told()));
    path.flatMap(this::underlay).ifPresent(evidence::add);
    List<String> ruledOut = new ArrayList<>(withoutNaru(verdict.ruledOut()));
    List<String> notChecked = new ArrayList<>(withoutNaru(verdict.notChecked()));
    if (oneEnd) {
      oneEnd(path.get(), eitherWay, ruledOut, notChecked);
    }
    return new Verdict(
        verdict.code(),
        verdict.fault(),
        verdict.state(),
        title(verdict, differences, eitherWay),
        verdict.pairs(),
        forNobody ? path.flatMap(PeerPath::farthest) : verdict.lastSeen(),
        verdict.notSeen(),
        oneEnd ? Certainty.INFERRED : verdict.certainty(),
        evidence.stream().distinct().toList(),
        ruledOut,
        notChecked,
        remedies(verdict, path, differences, oneEnd));
  }

  /** The path of a pair, or that of the way back where only the other end was looked at. */
  private Optional<PeerPath> path(NodePair pair) {
    return between(pair.from(), pair.to()).or(() -> between(pair.to(), pair.from()));
  }

  private Optional<PeerPath> between(String from, String to) {
    return Optional.ofNullable(nodes.get(from)).stream()
        .flatMap(node -> node.paths().stream())
        .filter(path -> path.to().equals(to))
        .findFirst();
  }

  private List<Difference> differences(Verdict verdict) {
    Set<String> concerned = new java.util.HashSet<>();
    verdict.pairs().forEach(pair -> concerned.addAll(List.of(pair.from(), pair.to())));
    return nodes.values().stream()
        .filter(node -> concerned.contains(node.look().node()) || verdict.pairs().isEmpty())
        .flatMap(node -> node.differences().stream())
        .filter(each -> each.fault().equals(verdict.fault()))
        .filter(
            each ->
                verdict.pairs().isEmpty()
                    || each.peer().isEmpty()
                    || concerned.contains(each.peer().get()))
        .toList();
  }

  /** Whether it may be the way there or the way back. */
  private static boolean isEitherWay(PeerPath path) {
    boolean hearsThem =
        path.probe().goesThroughTunnel()
            && path.probe()
                .node()
                .filter(
                    node ->
                        path.sender().frames().stream()
                            .anyMatch(frame -> frame.from().equals(node.toString())))
                .isPresent();
    return !hearsThem && !path.probe().detour().orElse(false);
  }

  private static void oneEnd(
      PeerPath path, boolean eitherWay, List<String> ruledOut, List<String> notChecked) {
    String other = path.to();
    ruledOut.removeIf(sentence -> sentence.startsWith(other + "'s own firewall"));
    if (path.probe().detour().orElse(false)) {
      ruledOut.add(
          "the way to "
              + other
              + ": a ping through the tunnel whose answer may come by the underlay is answered");
    } else if (!eitherWay) {
      ruledOut.add("the way back from " + other + ": tunnel packets of " + other + " arrive here");
    }
    notChecked.add(
        other
            + " itself, only "
            + path.sender().node()
            + " was looked at: "
            + other
            + "'s own firewall, and its tunnel, may be what drops them");
    if (eitherWay) {
      notChecked.add(
          "the direction: it may be the way to " + other + ", or the way back for the answers");
    }
  }

  private String title(Verdict verdict, List<Difference> differences, boolean eitherWay) {
    if (verdict.fault().equals("port-mismatch")) {
      Optional<Difference> down =
          differences.stream().filter(each -> each.sentence().endsWith(" is down")).findFirst();
      if (down.isPresent()) {
        return down.get().node() + "'s tunnel is down: " + down.get().sentence();
      }
    }
    if (eitherWay && verdict.pairs().size() == 1 && !verdict.title().isEmpty()) {
      NodePair pair = verdict.pairs().getFirst();
      String port =
          path(pair).flatMap(p -> tunnel(p)).map(t -> String.valueOf(t.port())).orElse("");
      String between = "between " + pair.from() + " and " + pair.to();
      return switch (verdict.fault()) {
        case "underlay-port-blocked" ->
            "UDP "
                + port
                + " does not pass "
                + between
                + ", one way or the other; other packets do";
        case "underlay-all-udp-blocked" ->
            "no UDP passes " + between + ", one way or the other; other packets do";
        default -> verdict.title();
      };
    }
    return verdict.title();
  }

  private Optional<Tunnel> tunnel(PeerPath path) {
    return path.sender().tunnels().stream()
        .filter(tunnel -> tunnel.device().equals(path.probe().device()))
        .findFirst();
  }

  private Optional<String> underlay(PeerPath path) {
    return path.sender().underlay().stream()
        .filter(trial -> path.probe().node().equals(Optional.of(trial.address())))
        .map(
            trial ->
                "on the underlay, "
                    + path.sender().node()
                    + " to "
                    + trial.address()
                    + ": "
                    + trial.echoesAnswered()
                    + " of "
                    + trial.echoesSent()
                    + " pings answered, "
                    + trial.tcp().map(port -> "TCP " + port + " is answered").orElse("TCP is not")
                    + ", UDP to a closed port is "
                    + (trial.closedUdp() ? "refused, so it arrives" : "not answered")
                    + (trial.noNeighbour() ? "; nobody on the subnet has that address" : ""))
        .findFirst();
  }

  private List<Remedy> remedies(
      Verdict verdict, Optional<PeerPath> path, List<Difference> differences, boolean oneEnd) {
    Stream<Remedy> own =
        PeerRemedies.of(verdict, path, path.flatMap(this::tunnel), differences, nodes).stream();
    Stream<Remedy> general =
        PeerRemedies.REPLACED.contains(verdict.fault()) || !differences.isEmpty()
            ? Stream.empty()
            : verdict.remedy().stream()
                .filter(remedy -> !isOfNaru(remedy.text() + " " + remedy.command()));
    if (oneEnd && isEitherWay(path.get()) && verdict.fault().startsWith("underlay-")) {
      general = Stream.concat(general, wayBack(path.get(), verdict).stream());
    }
    Stream<Remedy> ask = oneEnd ? Stream.of(PeerRemedies.askBoth(path.get())) : Stream.empty();
    return Stream.of(general, own, ask).flatMap(all -> all).distinct().toList();
  }

  /** Which direction is closed is not known, so the other one is named too. */
  private Optional<Remedy> wayBack(PeerPath path, Verdict verdict) {
    Optional<String> here =
        tunnel(path)
            .flatMap(Tunnel::local)
            .or(() -> path.sender().addresses().stream().findFirst())
            .map(IpAddress::toString);
    return verdict.fault().endsWith("-blocked") && path.probe().node().isPresent()
        ? tunnel(path)
            .map(
                tunnel ->
                    Remedy.judged(
                        "and the same for the way back: UDP "
                            + tunnel.port()
                            + " from "
                            + path.to()
                            + " to "
                            + path.sender().node()
                            + here.map(address -> " (" + address + ")").orElse(""),
                        SecurityGroupCommand.letIn(
                            path.sender().node(),
                            "udp",
                            tunnel.port(),
                            path.probe().node().get().toString())))
        : Optional.empty();
  }

  private List<String> withoutNaru(List<String> sentences) {
    return sentences.stream().filter(sentence -> !isOfNaru(sentence)).toList();
  }

  /** Nodes may be called k3s-agent-1: their names say nothing. */
  private boolean isOfNaru(String sentence) {
    String words = sentence;
    for (LookEvidence node : nodes.values()) {
      words = words.replace(node.look().node(), "");
      for (PeerPath path : node.paths()) {
        words = words.replace(path.to(), "");
      }
    }
    return OF_NARU.matcher(words).find();
  }
}

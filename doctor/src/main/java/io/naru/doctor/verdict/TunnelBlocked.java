package io.naru.doctor.verdict;

import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import io.naru.doctor.compare.DirectionComparison.CountedReport;
import io.naru.doctor.compare.Tally;
import io.naru.doctor.compare.TrafficKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All of the tunnel's packets leave, none arrives. */
final class TunnelBlocked implements DirectionRule {
  // RFC 792, RFC 1812 5.2.7.1, RFC 4443 3.1: who forbids it, and where no route leads
  private static final List<Integer> PROHIBITED = List.of(9, 10, 13);
  private static final List<Integer> PROHIBITED_6 = List.of(1, 5, 6);
  private static final List<Integer> UNREACHABLE = List.of(0, 1, 5);
  private static final List<Integer> UNREACHABLE_6 = List.of(0, 3);

  @Override
  public Optional<Symptom> symptom(Direction direction) {
    Tally tunnel = direction.tunnel();
    if (tunnel.missing() == 0 || tunnel.arrived() > 0) {
      return Optional.empty();
    }
    String fault = fault(direction);
    List<String> evidence = new ArrayList<>();
    evidence.add(direction.counts(tunnel, "tunnel packets (" + direction.tunnelName() + ")"));
    evidence.addAll(direction.otherTraffic());
    evidence.addAll(direction.flows());
    refusal(direction).map(TunnelBlocked::told).ifPresent(evidence::add);
    return Optional.of(
        new Symptom(
            fault,
            PathState.BROKEN,
            title(direction, fault),
            direction.pair(),
            direction.senderNic(),
            direction.receiverNic(),
            direction.certainty(tunnel),
            evidence,
            ruledOut(direction),
            notChecked(direction),
            remedies(direction, fault),
            fault.equals("underlay-no-path") ? 0 : direction.tunnelPort()));
  }

  private static Optional<CountedReport> refusal(Direction direction) {
    return direction
        .refusal(PROHIBITED, PROHIBITED_6)
        .or(() -> direction.refusal(UNREACHABLE, UNREACHABLE_6));
  }

  private static String told(CountedReport each) {
    return each.report().from()
        + " refused "
        + each.count()
        + " of them (ICMP "
        + each.report().type()
        + "/"
        + each.report().code()
        + ")";
  }

  private static String fault(Direction direction) {
    Tally udp = direction.there().of(TrafficKind.NODE_UDP);
    Tally nodes = direction.ofNodes();
    if (direction.refusal(PROHIBITED, PROHIBITED_6).isPresent()) {
      return "underlay-rejected";
    }
    if ((nodes.sent() > 1 && nodes.arrived() == 0)
        || direction.refusal(UNREACHABLE, UNREACHABLE_6).isPresent()) {
      return "underlay-no-path";
    }
    if (udp.sent() > 0 && udp.arrived() == 0) {
      return "underlay-all-udp-blocked";
    }
    boolean others = direction.back().of(TrafficKind.TUNNEL).arrived() > 0;
    return direction.there().answersLost() && others
        ? "underlay-return-blocked"
        : direction.tunnelPort() == 0 ? Verdict.UNEXPLAINED : "underlay-port-blocked";
  }

  private static String title(Direction direction, String fault) {
    String way = " from " + direction.there().from() + " to " + direction.there().to();
    return switch (fault) {
      case "underlay-no-path" -> "No packet" + way + " arrives, whatever its protocol";
      case "underlay-all-udp-blocked" -> "UDP" + way + " is blocked on the way, on every port seen";
      case "underlay-rejected" -> direction.tunnelName() + way + " is refused on the way";
      default ->
          direction.tunnelName() + way + " is blocked on the way: it leaves, and never arrives";
    };
  }

  private static List<String> ruledOut(Direction direction) {
    Tally tunnel = direction.tunnel();
    String sender = direction.there().from();
    String receiver = direction.there().to();
    List<String> ruledOut = new ArrayList<>();
    ruledOut.add(
        sender
            + " does not send, or filters it itself: "
            + tunnel.sent()
            + " frames seen leaving "
            + direction.senderNic());
    ruledOut.add(
        receiver
            + " filters it itself: a capture shows what comes before any filter of that host, and"
            + " nothing came");
    if (direction.receiver().addressesFrom().isSure()) {
      ruledOut.add(
          sender
              + " sends to a wrong address: the outer destination is "
              + direction.receiver().addresses().getFirst()
              + ", "
              + receiver
              + "'s");
    }
    if (direction.ofNodes().arrived() > 0) {
      ruledOut.add(
          "no route from "
              + sender
              + " to "
              + receiver
              + ": "
              + direction.ofNodes().arrived()
              + " packets outside the tunnel arrived");
    }
    if (tunnel.smallestLost() < 1000) {
      ruledOut.add(
          "an MTU that is too small: packets of " + tunnel.smallestLost() + " bytes are lost too");
    }
    return ruledOut;
  }

  private static List<String> notChecked(Direction direction) {
    List<String> notChecked = new ArrayList<>(direction.limits());
    if (direction.there().of(TrafficKind.NODE_UDP).isEmpty()) {
      notChecked.add("whether UDP to other ports passes: the captures hold none");
    }
    if (direction.ofNodes().isEmpty()) {
      notChecked.add("whether other traffic between the nodes passes: the captures hold none");
    }
    if (direction.back().of(TrafficKind.TUNNEL).isEmpty()) {
      notChecked.add(
          direction.there().to()
              + " → "
              + direction.there().from()
              + ": "
              + direction.there().to()
              + " sent nothing through the tunnel meanwhile");
    }
    return notChecked;
  }

  private static List<Remedy> remedies(Direction direction, String fault) {
    List<Remedy> remedies = new ArrayList<>();
    String pair = direction.pair().toString();
    switch (fault) {
      case "underlay-no-path" ->
          remedies.add(
              Remedy.judged("mend the underlay's route, or open the firewall: " + pair, ""));
      case "underlay-rejected" ->
          refusal(direction)
              .ifPresent(
                  each ->
                      remedies.add(
                          Remedy.judged(
                              "ask the owner of " + each.report().from() + ", which refuses it",
                              "")));
      default ->
          remedies.add(
              Remedy.judged(
                  "open "
                      + direction.tunnelName()
                      + " in the security group or firewall between the nodes: "
                      + pair,
                  ""));
    }
    if (!fault.equals("underlay-no-path")) {
      direction.sharedSubnet().map(DirectRouting::remedy).ifPresent(remedies::add);
    }
    return remedies;
  }
}

package io.naru.doctor.verdict;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.NodePair;
import io.naru.doctor.compare.Comparison;
import io.naru.doctor.compare.DirectionComparison;
import io.naru.doctor.compare.DirectionComparison.CountedReport;
import io.naru.doctor.compare.Tally;
import io.naru.doctor.compare.TrafficKind;
import io.naru.observe.packet.IpPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One direction of a comparison, as the rules look at it.
 *
 * @param there the direction
 * @param back the opposite one
 */
record Direction(
    Comparison comparison,
    DirectionComparison there,
    DirectionComparison back,
    Comparison.Side sender,
    Comparison.Side receiver) {
  static List<Direction> of(Comparison comparison) {
    DirectionComparison there = comparison.directions().get(0);
    DirectionComparison back = comparison.directions().get(1);
    return List.of(
        new Direction(comparison, there, back, comparison.first(), comparison.second()),
        new Direction(comparison, back, there, comparison.second(), comparison.first()));
  }

  NodePair pair() {
    return new NodePair(there.from(), there.to());
  }

  String senderNic() {
    return there.from() + "/nic";
  }

  String receiverNic() {
    return there.to() + "/nic";
  }

  Tally tunnel() {
    return there.of(TrafficKind.TUNNEL);
  }

  /** The tunnel's UDP port; 0 for IP-in-IP. */
  int tunnelPort() {
    return there.tunnelPorts().isEmpty() ? 0 : there.tunnelPorts().first();
  }

  String tunnelName() {
    return there.tunnelPorts().isEmpty()
        ? "IP-in-IP"
        : "UDP "
            + there.tunnelPorts().stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** A capture that shows nothing for certain allows a conclusion, not an observation. */
  Certainty certainty(Tally tally) {
    return tally.lost() > 0 ? Certainty.OBSERVED : Certainty.INFERRED;
  }

  /** Traffic between the nodes' own addresses, all kinds. */
  Tally ofNodes() {
    Tally sum = Tally.NONE;
    for (TrafficKind kind :
        List.of(TrafficKind.NODE_TCP, TrafficKind.NODE_UDP, TrafficKind.NODE_OTHER)) {
      Tally one = there.of(kind);
      sum =
          new Tally(
              sum.sent() + one.sent(),
              sum.arrived() + one.arrived(),
              sum.lost() + one.lost(),
              sum.uncounted() + one.uncounted(),
              Math.max(sum.largestArrived(), one.largestArrived()),
              0,
              0);
    }
    return sum;
  }

  /** An ICMP error about the tunnel's packets, of the first kind that fits. */
  Optional<CountedReport> refusal(List<Integer> codes, List<Integer> codes6) {
    return there.icmpErrors().stream()
        .filter(
            each ->
                each.report().quotedProtocol() == IpPacket.PROTOCOL_UDP
                    && there.tunnelPorts().contains(each.report().quotedPort()))
        .filter(
            each ->
                each.report().version6()
                    ? each.report().type() == 1 && codes6.contains(each.report().code())
                    : each.report().type() == 3 && codes.contains(each.report().code()))
        .findFirst();
  }

  /** The block that holds both nodes, if their addresses look like one subnet. */
  Optional<Prefix> sharedSubnet() {
    for (IpAddress one : sender.addresses()) {
      Prefix block = Prefix.around(one, one.isIpv4() ? 24 : 64);
      if (receiver.addresses().stream().anyMatch(block::contains)) {
        return Optional.of(block);
      }
    }
    return Optional.empty();
  }

  /** "37 packets left node1, and 0 of them reached node2". */
  String counts(Tally tally, String what) {
    return tally.sent()
        + " "
        + what
        + " left "
        + senderNic()
        + ", "
        + (tally.arrived() == 0 ? "none" : tally.arrived() + " of them")
        + " came to "
        + receiverNic();
  }

  /** What other kinds of traffic between the two nodes did meanwhile. */
  List<String> otherTraffic() {
    List<String> lines = new ArrayList<>();
    for (TrafficKind kind : TrafficKind.values()) {
      Tally tally = there.of(kind);
      if (kind != TrafficKind.TUNNEL && !tally.isEmpty()) {
        lines.add(
            tally.arrived()
                + " of "
                + tally.sent()
                + " packets arrived ("
                + kind
                + ", "
                + pair()
                + ")");
      }
    }
    return lines;
  }

  /** Flows that lost packets, in a sentence. */
  List<String> flows() {
    return there.lostFlows().stream()
        .limit(3)
        .map(
            flow ->
                "flow "
                    + flow.flow()
                    + ": "
                    + flow.tally().missing()
                    + " of "
                    + flow.tally().sent()
                    + " missing")
        .toList();
  }

  /** What a comparison of captures cannot know. */
  List<String> limits() {
    List<String> limits = new ArrayList<>(comparison.notes());
    if (tunnel().uncounted() > 0) {
      limits.add(
          tunnel().uncounted()
              + " missing packets are not counted: they are too near the beginning or end of "
              + receiver.node()
              + "'s capture");
    }
    limits.add("what the nodes do behind their interfaces: captures of the nics do not show it");
    return limits;
  }
}

package io.naru.doctor.report;

import io.naru.core.address.IpAddress;
import io.naru.doctor.compare.Comparison;
import io.naru.doctor.compare.DirectionComparison;
import io.naru.doctor.compare.Tally;
import io.naru.doctor.compare.TrafficKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A comparison of two captures as people read it. */
public final class ComparisonText {
  private final List<String> lines = new ArrayList<>();

  private ComparisonText() {}

  /** The lines, at most {@link ReportText#WIDTH} wide. */
  public static List<String> lines(Comparison comparison) {
    ComparisonText text = new ComparisonText();
    text.side(comparison.first());
    text.side(comparison.second());
    comparison
        .clockOffset()
        .ifPresent(
            offset ->
                text.add(
                    "",
                    "%s's clock is %.3f s ahead of %s's, by the packets that both saw"
                        .formatted(
                            comparison.second().node(), offset / 1e9, comparison.first().node())));
    comparison.directions().forEach(text::direction);
    if (!comparison.notes().isEmpty()) {
      text.lines.add("");
      comparison.notes().forEach(note -> text.add("note: ", note));
    }
    return List.copyOf(text.lines);
  }

  private void side(Comparison.Side side) {
    add(
        "",
        side.node()
            + ": "
            + side.packets()
            + " packets in "
            + String.format(Locale.ROOT, "%.1f", side.milliseconds() / 1000.0)
            + " s, its address is "
            + side.addresses().stream().map(IpAddress::toString).collect(Collectors.joining(", "))
            + " ("
            + side.addressesFrom()
            + ")");
  }

  private void direction(DirectionComparison direction) {
    lines.add("");
    String ports =
        direction.tunnelPorts().isEmpty()
            ? ""
            : ", tunnel on UDP "
                + direction.tunnelPorts().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(", "));
    String head = direction.from() + " → " + direction.to() + ports;
    if (direction.kinds().isEmpty()) {
      add("", head + ": nothing was sent");
      return;
    }
    lines.addAll(Wrapped.lines("", head, ReportText.WIDTH));
    lines.add(row("PACKETS", "LEFT", "ARRIVED", "LOST", "UNCOUNTED"));
    for (TrafficKind kind : TrafficKind.values()) {
      if (!direction.of(kind).isEmpty()) {
        tally(kind.toString(), direction.of(kind));
      }
    }
    direction
        .sizes()
        .forEach(
            size ->
                tally("  pods, %d to %d bytes".formatted(size.from(), size.to()), size.tally()));
    if (!direction.lostFlows().isEmpty()) {
      lines.add(row("FLOWS THAT LOST PACKETS", "LEFT", "ARRIVED", "LOST", "UNCOUNTED"));
      direction.lostFlows().forEach(flow -> tally(flow.flow().toString(), flow.tally()));
      int more = direction.lostFlowCount() - direction.lostFlows().size();
      if (more > 0) {
        add("  ", "and " + more + " more flows");
      }
    }
    direction
        .icmpErrors()
        .forEach(
            each ->
                add(
                    "  ",
                    each.count()
                        + " ICMP errors "
                        + each.report().type()
                        + "/"
                        + each.report().code()
                        + " from "
                        + each.report().from()));
    if (direction.congestionMarked() > 0) {
      add("  ", direction.congestionMarked() + " arrived marked \"congestion experienced\"");
    }
  }

  /** A row whose first cell has a line of its own where it is long. */
  private void tally(String what, Tally tally) {
    String first = what;
    if (what.length() > 44) {
      add("  ", what);
      first = "";
    }
    lines.add(
        row(
            first,
            String.valueOf(tally.sent()),
            String.valueOf(tally.arrived()),
            String.valueOf(tally.lost()),
            String.valueOf(tally.uncounted())));
  }

  private static String row(String... cells) {
    return String.format(Locale.ROOT, "  %-44s %8s %8s %8s %10s", (Object[]) cells).stripTrailing();
  }

  private void add(String first, String text) {
    lines.addAll(Wrapped.lines(first, text, ReportText.WIDTH));
  }
}

package io.naru.doctor.report;

import io.naru.core.diagnosis.ServiceWalk;
import io.naru.core.diagnosis.ServiceWalk.Frontend;
import io.naru.core.diagnosis.ServiceWalk.Result;
import io.naru.core.diagnosis.ServiceWalk.Target;
import io.naru.core.diagnosis.ServiceWalk.Way;
import io.naru.core.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** The walk from a service to its backends, for people. */
final class ServiceWalkText {
  private static final int MOST_BACKENDS = 16;

  private final BinaryOperator<String> colour;
  private final List<String> lines = new ArrayList<>();

  private ServiceWalkText(BinaryOperator<String> colour) {
    this.colour = colour;
  }

  /**
   * The lines.
   *
   * @param colour makes a text of a colour's number and a text
   */
  static List<String> lines(ServiceWalk walk, BinaryOperator<String> colour) {
    ServiceWalkText text = new ServiceWalkText(colour);
    text.lines.add(colour.apply(ReportText.BOLD, "service " + Printable.line(walk.name())));
    walk.frontends().forEach(text::frontend);
    text.lines.addAll(Wrapped.lines("  ", walk.conclusion(), ReportText.WIDTH));
    return List.copyOf(text.lines);
  }

  private void frontend(Frontend frontend) {
    lines.add(
        "  "
            + at(frontend.address().orElse("headless"), frontend.port().map(String::valueOf))
            + frontend.protocol().map(protocol -> "/" + protocol).orElse(""));
    frontend.backends().stream().limit(MOST_BACKENDS).forEach(this::backend);
    int more = frontend.backends().size() - MOST_BACKENDS;
    if (more > 0) {
      lines.add("    and " + more + " more");
    }
    if (frontend.backends().isEmpty()) {
      lines.add("    " + colour.apply(ReportText.RED, "✗") + " no backend");
    }
  }

  private void backend(Target target) {
    Map<String, List<String>> askers = new LinkedHashMap<>();
    target
        .ways()
        .forEach(way -> askers.computeIfAbsent(said(way), s -> new ArrayList<>()).add(way.from()));
    String where =
        at(target.address(), target.port().map(String::valueOf))
            + target.node().map(node -> " on " + node).orElse(" outside")
            + (target.state().equals("ready") ? "" : ", " + target.state());
    if (askers.isEmpty()) {
      lines.add("    - " + Printable.line(where) + ": not tried");
    }
    askers.forEach(
        (said, from) -> {
          List<String> wrapped =
              Wrapped.lines(
                  "      ",
                  where + "   " + said + " from " + String.join(", ", from),
                  ReportText.WIDTH);
          lines.add("    " + mark(said) + wrapped.getFirst().substring(5));
          lines.addAll(wrapped.subList(1, wrapped.size()));
        });
  }

  private String mark(String said) {
    return said.startsWith(Result.ANSWERS.toString()) || said.startsWith(Result.TAKEN.toString())
        ? colour.apply(ReportText.GREEN, "✓")
        : said.startsWith("not tried")
            ? colour.apply(ReportText.YELLOW, "-")
            : colour.apply(ReportText.RED, "✗");
  }

  private static String said(Way way) {
    if (way.result().equals(Result.TAKEN.toString())) {
      return "taken, not refused,";
    }
    if (way.result().equals(Result.REFUSED.toString())) {
      return "refused by itself,";
    }
    if (way.result().equals(Result.NOT_TRIED.toString())) {
      return "not tried";
    }
    if (way.result().equals(Result.LOST.toString())) {
      return "lost"
          + way.lastSeen().map(tap -> " behind " + tap).orElse("")
          + way.notSeen().map(tap -> ", before " + tap).orElse("")
          + ",";
    }
    return way.result();
  }

  private static String at(String address, Optional<String> port) {
    String host = port.isPresent() && address.contains(":") ? "[" + address + "]" : address;
    return host + port.map(number -> ":" + number).orElse("");
  }
}

package io.naru.observe.filter;

import io.naru.core.diagnosis.OtherFilters.AttachedProgram;
import io.naru.core.error.NaruException;
import io.naru.linux.bpf.InterfacePrograms;
import io.naru.linux.route.Link;
import io.naru.linux.route.RouteNetlink;
import io.naru.observe.program.BriefProgram;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** eBPF programs on a node's interfaces: XDP, tcx, and those of tc(8) on clsact. */
public final class FilterPrograms {
  private static final Pattern TC_FILTER =
      Pattern.compile("filter .*?(pref \\d+) (\\S+) chain \\d+ .*?handle .*?(?:name (\\S+).*)?");

  private FilterPrograms() {}

  /**
   * Those on these interfaces; Naru's own are left out.
   *
   * @param unread takes what could not be read, a sentence each
   */
  public static List<AttachedProgram> on(
      RouteNetlink netlink, Collection<String> interfaces, List<String> unread) {
    List<AttachedProgram> found = new ArrayList<>();
    for (Link link : netlink.links()) {
      if (interfaces.contains(link.name())) {
        try {
          InterfacePrograms.of(netlink, link)
              .forEach(one -> found.add(new AttachedProgram(link.name(), one.place(), one.name())));
        } catch (NaruException refused) {
          unread.add("eBPF programs on its " + link.name() + ": " + refused.sentence());
        }
        for (String way : List.of("ingress", "egress")) {
          Optional<String> filters =
              BriefProgram.output(List.of("tc", "filter", "show", "dev", link.name(), way));
          filters.ifPresentOrElse(
              text ->
                  names(text).stream()
                      .distinct()
                      .forEach(
                          name ->
                              found.add(
                                  new AttachedProgram(link.name(), "tc " + way + " filter", name))),
              () -> unread.add("tc's filters on its " + link.name() + ": tc does not run there"));
        }
      }
    }
    found.removeIf(program -> program.name().replace("bpf ", "").startsWith("naru"));
    return found;
  }

  /** What the lines of {@code tc filter show} tell of, by kind and name. */
  static List<String> names(String text) {
    return text.lines()
        .map(TC_FILTER::matcher)
        .filter(Matcher::matches)
        .map(line -> line.group(2) + " " + (line.group(3) == null ? line.group(1) : line.group(3)))
        .toList();
  }
}

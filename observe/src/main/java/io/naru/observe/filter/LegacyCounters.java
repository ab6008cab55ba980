package io.naru.observe.filter;

import io.naru.core.diagnosis.CountedDrop;
import io.naru.observe.program.BriefProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The counters of iptables-legacy's rules in this network namespace, read at one moment. Nothing is
 * run where no such table is loaded, as on most hosts.
 */
public final class LegacyCounters {
  /** The tables of both families: net/ipv4/netfilter/ip_tables.c, net/ipv6/netfilter/. */
  private static final Map<String, String> FAMILIES =
      Map.of("iptables-legacy", "ip_tables_names", "ip6tables-legacy", "ip6_tables_names");

  private static final Path NET = Path.of("/proc/thread-self/net");

  private final List<String> tables = new ArrayList<>();
  private final Map<String, LegacyRules> rules = new HashMap<>();
  private final List<String> unread = new ArrayList<>();

  private LegacyCounters() {}

  /** As they are now. */
  public static LegacyCounters read() {
    LegacyCounters counters = new LegacyCounters();
    FAMILIES.forEach(counters::read);
    return counters;
  }

  private void read(String program, String names) {
    List<String> loaded = loaded(names);
    loaded.forEach(table -> tables.add(program + " " + table));
    if (loaded.isEmpty()) {
      return;
    }
    Optional<String> text = BriefProgram.output(List.of(program + "-save", "-c"));
    text.ifPresentOrElse(
        printed -> rules.put(program, LegacyRules.parse(printed)),
        () ->
            unread.add(
                "its rules of "
                    + program
                    + " (tables "
                    + String.join(", ", loaded)
                    + "): "
                    + program
                    + "-save does not run there; install iptables"));
  }

  private static List<String> loaded(String names) {
    try {
      return Files.readAllLines(NET.resolve(names)).stream().filter(n -> !n.isBlank()).toList();
    } catch (IOException notThere) {
      return List.of();
    }
  }

  /** The tables that are loaded, like {@code iptables-legacy filter}. */
  public List<String> tables() {
    return tables.stream().sorted().toList();
  }

  /** What could not be read, a sentence each. */
  public List<String> unread() {
    return List.copyOf(unread);
  }

  /** The rules that dropped something since; those of a table that is new count from 0. */
  public List<CountedDrop> since(LegacyCounters before) {
    List<CountedDrop> drops = new ArrayList<>();
    rules.forEach(
        (program, now) ->
            drops.addAll(
                now.since(
                    before.rules.getOrDefault(program, new LegacyRules(Map.of(), Map.of())),
                    program)));
    return drops;
  }
}

package io.naru.observe.filter;

import io.naru.core.diagnosis.CountedDrop;
import io.naru.core.diagnosis.RuleDrop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules that drop, and chains whose policy does, of what iptables-save(8) printed with their
 * counters.
 *
 * @param packets how many each dropped, by where it is and its text
 * @param callers chains that jump to a chain
 */
record LegacyRules(Map<Place, Long> packets, Map<String, Set<String>> callers) {
  private static final Pattern CHAIN =
      Pattern.compile(":(\\S{1,64}) (ACCEPT|DROP|-) \\[(\\d{1,18}):\\d+\\]");
  private static final Pattern RULE =
      Pattern.compile("\\[(\\d{1,18}):\\d+\\] -A (\\S{1,64}) (.*?-[jg] (\\S+).*)");
  private static final int LONGEST_LINE = 2048;

  /**
   * Where a rule is.
   *
   * @param chain table and chain, like {@code filter INPUT}
   */
  record Place(String chain, String rule) {}

  LegacyRules {
    packets = Map.copyOf(packets);
    callers = Map.copyOf(callers);
  }

  /** Lines of other forms say nothing. */
  static LegacyRules parse(String text) {
    Map<Place, Long> packets = new LinkedHashMap<>();
    Map<String, Set<String>> callers = new HashMap<>();
    String table = "";
    for (String line : text.lines().filter(line -> line.length() <= LONGEST_LINE).toList()) {
      Matcher chain = CHAIN.matcher(line);
      Matcher rule = RULE.matcher(line);
      if (line.startsWith("*")) {
        table = line.substring(1).strip() + " ";
      } else if (chain.matches()) {
        if (chain.group(2).equals("DROP")) {
          add(packets, new Place(table + chain.group(1), RuleDrop.POLICY), chain.group(3));
        }
      } else if (rule.matches()) {
        String within = table + rule.group(2);
        switch (rule.group(4)) {
          case "DROP", "REJECT" -> add(packets, new Place(within, rule.group(3)), rule.group(1));
          default ->
              callers.computeIfAbsent(table + rule.group(4), called -> new HashSet<>()).add(within);
        }
      }
    }
    return new LegacyRules(packets, callers);
  }

  private static void add(Map<Place, Long> packets, Place place, String count) {
    packets.merge(place, Long.parseLong(count), Long::sum);
  }

  /**
   * The rules that dropped something since.
   *
   * @param program which of the two families' it is, like {@code iptables-legacy}
   */
  List<CountedDrop> since(LegacyRules before, String program) {
    List<CountedDrop> drops = new ArrayList<>();
    packets.forEach(
        (place, count) -> {
          long rose = count - before.packets.getOrDefault(place, 0L);
          if (rose > 0) {
            drops.add(
                new CountedDrop(
                    new RuleDrop(
                        program + " " + place.chain(),
                        hook(place.chain(), new HashSet<>()),
                        place.rule(),
                        Optional.empty(),
                        "",
                        "",
                        callers.getOrDefault(place.chain(), Set.of()).stream()
                            .map(caller -> program + " " + caller)
                            .sorted()
                            .toList()),
                    rose));
          }
        });
    return drops;
  }

  /** Of a chain that several hooks come to, nobody knows by which: through. */
  private String hook(String chain, Set<String> seen) {
    String name = chain.substring(chain.indexOf(' ') + 1);
    return switch (name) {
      case "INPUT", "PREROUTING" -> "in";
      case "OUTPUT", "POSTROUTING" -> "out";
      case "FORWARD" -> "through";
      default -> {
        Set<String> hooks = new HashSet<>();
        if (seen.add(chain)) {
          callers.getOrDefault(chain, Set.of()).forEach(caller -> hooks.add(hook(caller, seen)));
        }
        yield hooks.size() == 1 ? hooks.iterator().next() : "through";
      }
    };
  }
}

package io.naru.observe.filter;

import io.naru.core.diagnosis.NodeEvidence.RuleDrop;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Understands the lines of {@code nft monitor trace}; pure but for what it remembers. */
final class DropLines {
  private static final Pattern LINE =
      Pattern.compile("trace id (\\S+) (\\S+ \\S+ \\S+) (packet:|rule|policy|verdict) ?(.*)");
  private static final Pattern DROPPED =
      Pattern.compile("(.*?)(?: # handle (\\d+))? \\(verdict drop\\)");
  private static final int LONGEST_LINE = 4096;
  private static final int MOST = 1000;

  private final Map<String, String> hooks = new LinkedHashMap<>();
  private final Set<RuleDrop> drops = new LinkedHashSet<>();

  synchronized void add(String line) {
    Matcher matcher = LINE.matcher(line.length() > LONGEST_LINE ? "" : line.strip());
    if (!matcher.matches() || matcher.group(2).startsWith("inet " + DropTrace.TABLE + " ")) {
      return;
    }
    String chain = matcher.group(2);
    String key = matcher.group(1) + " " + chain;
    String rest = matcher.group(4);
    switch (matcher.group(3)) {
      case "packet:" -> {
        if (hooks.size() < MOST) {
          hooks.put(key, hook(rest));
        }
      }
      case "rule" -> {
        Matcher dropped = DROPPED.matcher(rest);
        if (dropped.matches()) {
          drops.add(
              new RuleDrop(
                  chain,
                  hooks.getOrDefault(key, "through"),
                  withoutCounts(dropped.group(1)),
                  Optional.ofNullable(dropped.group(2))));
        }
      }
      default -> {
        if (rest.strip().startsWith("drop")) {
          drops.add(
              new RuleDrop(
                  chain, hooks.getOrDefault(key, "through"), "policy drop", Optional.empty()));
        }
      }
    }
  }

  private static String hook(String packet) {
    boolean in = packet.contains("iif ");
    boolean out = packet.contains("oif ");
    return in == out ? "through" : in ? "in" : "out";
  }

  private static String withoutCounts(String rule) {
    return rule.replaceAll("counter packets \\d+ bytes \\d+ ?", "counter ").strip();
  }

  synchronized List<RuleDrop> drops() {
    return List.copyOf(drops);
  }
}

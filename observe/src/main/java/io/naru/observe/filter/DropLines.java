package io.naru.observe.filter;

import io.naru.core.diagnosis.RuleDrop;
import java.util.HashMap;
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

  private static final Pattern ADDRESSES =
      Pattern.compile(".*?\\bip6? saddr (\\S+) ip6? daddr (\\S+).*");

  private record Traced(String hook, String from, String to) {}

  private static final Traced UNTOLD = new Traced("through", "", "");

  /** By identifier alone the latest: a chain that was jumped to has no line of its own. */
  private final Map<String, Traced> packets = new HashMap<>();

  private final Map<String, Set<String>> passed = new HashMap<>();
  private final Set<RuleDrop> drops = new LinkedHashSet<>();

  synchronized void add(String line) {
    Matcher matcher = LINE.matcher(line.length() > LONGEST_LINE ? "" : line.strip());
    if (!matcher.matches() || matcher.group(2).startsWith("inet " + DropTrace.TABLE + " ")) {
      return;
    }
    String chain = matcher.group(2);
    String key = matcher.group(1);
    String rest = matcher.group(4);
    if (passed.containsKey(key) || passed.size() < MOST) {
      passed.computeIfAbsent(key, id -> new LinkedHashSet<>()).add(chain);
    }
    switch (matcher.group(3)) {
      case "packet:" -> {
        if (packets.containsKey(key) || packets.size() < MOST) {
          packets.put(key, traced(rest));
        }
      }
      case "rule" -> {
        Matcher dropped = DROPPED.matcher(rest);
        if (dropped.matches()) {
          drop(key, chain, withoutCounts(dropped.group(1)), Optional.ofNullable(dropped.group(2)));
        }
      }
      default -> {
        if (rest.strip().startsWith("drop")) {
          drop(key, chain, "policy drop", Optional.empty());
        }
      }
    }
  }

  private void drop(String key, String chain, String rule, Optional<String> handle) {
    Traced packet = packets.getOrDefault(key, UNTOLD);
    if (drops.size() < MOST) {
      drops.add(
          new RuleDrop(
              chain,
              packet.hook(),
              rule,
              handle,
              packet.from(),
              packet.to(),
              passed.getOrDefault(key, Set.of()).stream()
                  .filter(before -> !before.equals(chain))
                  .toList()));
    }
  }

  private static Traced traced(String packet) {
    Matcher addresses = ADDRESSES.matcher(packet);
    return addresses.matches()
        ? new Traced(hook(packet), addresses.group(1), addresses.group(2))
        : new Traced(hook(packet), "", "");
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

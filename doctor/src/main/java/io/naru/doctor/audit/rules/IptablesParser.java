package io.naru.doctor.audit.rules;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.audit.rules.Match.Range;
import io.naru.doctor.audit.rules.Ruleset.Action;
import io.naru.doctor.audit.rules.Ruleset.Chain;
import io.naru.doctor.audit.rules.Ruleset.Dialect;
import io.naru.doctor.audit.rules.Ruleset.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what {@code iptables-save} and {@code ip6tables-save} print. */
public final class IptablesParser {
  /** Order of the tables within a hook: Linux, include/uapi/linux/netfilter_ipv4.h. */
  private static final Map<String, Integer> PRIORITIES =
      Map.of("raw", -300, "mangle", -150, "filter", 0, "security", 50);

  private static final Set<String> HOOKS =
      Set.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");

  private final String name;
  private final Map<String, List<Rule>> rules = new LinkedHashMap<>();
  private final Map<String, Boolean> drops = new LinkedHashMap<>();
  private String table = "";
  private int line;

  private IptablesParser(String name) {
    this.name = name;
  }

  /** Whether a text looks like such a file. */
  public static boolean isSaved(String text) {
    return text.lines()
        .limit(50)
        .map(String::strip)
        .anyMatch(line -> line.matches("\\*(filter|nat|mangle|raw|security)"));
  }

  /**
   * The ruleset.
   *
   * @param name of the file, for sentences
   * @throws NaruException MALFORMED with the line
   */
  public static Ruleset parse(String text, String name) {
    boolean version6 = text.lines().limit(5).anyMatch(line -> line.contains("ip6tables"));
    IptablesParser parser = new IptablesParser(name);
    text.lines().forEach(parser::line);
    List<Chain> chains = new ArrayList<>();
    parser.drops.forEach(
        (key, drop) -> {
          String[] parts = key.split(" ", 2);
          boolean base = HOOKS.contains(parts[1]) && PRIORITIES.containsKey(parts[0]);
          chains.add(
              new Chain(
                  version6 ? "ip6" : "ip",
                  parts[0],
                  parts[1],
                  base ? Optional.of(parts[1].toLowerCase(Locale.ROOT)) : Optional.empty(),
                  PRIORITIES.getOrDefault(parts[0], 0),
                  drop,
                  parser.rules.getOrDefault(key, List.of())));
        });
    return new Ruleset(name, version6 ? Dialect.IP6TABLES : Dialect.IPTABLES, chains);
  }

  private NaruException malformed(String what) {
    return new NaruException(
        ErrorCode.MALFORMED, name + " is no text of iptables-save: in line " + line + " " + what);
  }

  private void line(String whole) {
    line++;
    String text = whole.strip();
    if (text.isEmpty() || text.startsWith("#") || text.equals("COMMIT")) {
      return;
    }
    if (text.startsWith("*")) {
      table = text.substring(1);
      return;
    }
    if (table.isEmpty()) {
      throw malformed("stands '" + RuleText.of(text) + "' before the first table");
    }
    if (text.startsWith(":")) {
      String[] parts = text.substring(1).split("\\s+", -1);
      drops.put(table + " " + parts[0], parts.length > 1 && parts[1].equals("DROP"));
      return;
    }
    List<String> words = words(text.replaceFirst("^\\[\\d+:\\d+]\\s*", ""));
    if (words.size() < 2 || !(words.getFirst().equals("-A") || words.getFirst().equals("-I"))) {
      throw malformed("stands '" + RuleText.of(text) + "'");
    }
    String key = table + " " + words.get(1);
    drops.putIfAbsent(key, false);
    rules
        .computeIfAbsent(key, _ -> new ArrayList<>())
        .add(rule(words.subList(2, words.size()), text));
  }

  /** Words, of which those with spaces stand in quotes. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean any = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quoted && i + 1 < text.length()) {
        word.append(text.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        any = true;
      } else if (Character.isWhitespace(c) && !quoted) {
        if (any || !word.isEmpty()) {
          words.add(word.toString());
        }
        word.setLength(0);
        any = false;
      } else {
        word.append(c);
      }
    }
    if (any || !word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  private Rule rule(List<String> words, String text) {
    List<Match> matches = new ArrayList<>();
    boolean not = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String next = i + 1 < words.size() ? words.get(i + 1) : "";
      switch (word) {
        case "!" -> {
          not = true;
          continue;
        }
        case "-j", "-g" -> {
          return new Rule(matches, action(word, next), RuleText.of(text));
        }
        case "-m" -> i++; // its options follow
        case "--comment" -> i++;
        default -> {
          Optional<Match> match = match(word, next);
          if (match.isPresent()) {
            i++;
          }
          // An option of an extension, or its value: what is not known may hold or not.
          Match found = match.orElseGet(Match.Unclear::new);
          matches.add(not ? new Match.Not(found) : found);
        }
      }
      not = false;
    }
    return new Rule(matches, new Action.GoOn(), RuleText.of(text));
  }

  private static Action action(String word, String target) {
    return switch (target) {
      case "ACCEPT" -> new Action.Accept();
      case "DROP", "REJECT", "TARPIT" -> new Action.Drop();
      case "RETURN" -> new Action.Return();
      case "LOG",
          "NFLOG",
          "MARK",
          "CONNMARK",
          "TRACE",
          "CT",
          "NOTRACK",
          "SET",
          "TCPMSS",
          "CHECKSUM",
          "CLASSIFY",
          "DSCP",
          "TOS",
          "TTL",
          "AUDIT",
          "SECMARK",
          "CONNSECMARK" ->
          new Action.GoOn();
      default -> new Action.Jump(target, !word.equals("-g"));
    };
  }

  private Optional<Match> match(String word, String value) {
    return switch (word) {
      case "-p", "--protocol" -> Optional.of(protocol(value));
      case "-s", "--source" -> Optional.of(new Match.Address(true, List.of(block(value))));
      case "-d", "--destination" -> Optional.of(new Match.Address(false, List.of(block(value))));
      case "-i", "-o" -> Optional.of(new Match.Interface(Set.of(value.replace('+', '*'))));
      case "--dport", "--dports" -> Optional.of(new Match.DestinationPort(ports(value)));
      case "--sport", "--sports" -> Optional.of(new Match.SourcePort(ports(value)));
      case "--ctstate", "--state" ->
          Optional.of(
              new Match.State(Set.copyOf(List.of(value.toLowerCase(Locale.ROOT).split(",")))));
      case "--dst-type" ->
          Optional.of(value.equals("LOCAL") ? new Match.Always() : new Match.Unclear());
      default -> Optional.empty();
    };
  }

  private Match protocol(String value) {
    int number =
        switch (value) {
          case "tcp" -> 6;
          case "udp" -> 17;
          case "icmp" -> 1;
          case "ipv6-icmp", "icmpv6" -> 58;
          case "ipencap", "ipip" -> 4;
          case "all", "0" -> -1;
          default -> value.matches("\\d{1,3}") ? Integer.parseInt(value) : 256;
        };
    return number < 0 ? new Match.Always() : new Match.Protocol(List.of(new Range(number, number)));
  }

  private Prefix block(String value) {
    try {
      int slash = value.indexOf('/');
      if (slash < 0) {
        return IpAddress.parse(value).toPrefix();
      }
      String mask = value.substring(slash + 1);
      if (mask.contains(".")) {
        IpAddress address = IpAddress.parse(value.substring(0, slash));
        int length = Long.bitCount(IpAddress.parse(mask).low());
        return Prefix.around(address, length);
      }
      InterfaceAddress parts = InterfaceAddress.parse(value);
      return Prefix.around(parts.address(), parts.prefixLength());
    } catch (NaruException e) {
      throw malformed("stands '" + RuleText.of(value) + "', which is no block of addresses");
    }
  }

  private List<Range> ports(String value) {
    List<Range> ranges = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      String[] ends = part.split(":", -1);
      if (ends.length > 2 || !part.matches("[0-9:]{1,11}")) {
        throw malformed("stands '" + RuleText.of(value) + "', which is no list of ports");
      }
      int from = ends[0].isEmpty() ? 0 : port(ends[0]);
      int to = ends.length == 1 ? from : ends[1].isEmpty() ? 65535 : port(ends[1]);
      ranges.add(new Range(from, to));
    }
    return ranges;
  }

  private int port(String digits) {
    if (digits.length() > 5) {
      throw malformed("stands the port " + digits);
    }
    return Integer.parseInt(digits);
  }
}

package io.naru.linux.nftables;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packet filter of the calling thread's network namespace, by the program nft(8): its language
 * is stable, the kernel's messages beneath it are not a published interface.
 */
public final class Nftables {
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]{0,127}");
  private static final Pattern FAMILY = Pattern.compile("ip|ip6|inet|arp|bridge|netdev");
  private static final Pattern COUNTER =
      Pattern.compile(
          "counter\\s+\"?([A-Za-z0-9_./-]+)\"?\\s*\\{[^}]*?packets (\\d+) bytes (\\d+)[^}]*\\}");

  private Nftables() {}

  /** Does what a script in nft's language says, all of it or, when a part is refused, nothing. */
  public static void apply(String script) {
    require("apply the nftables rules", List.of("-f", "-"), script);
  }

  /** Whether the kernel would take the script; changes nothing. */
  public static void check(String script) {
    require("check the nftables rules", List.of("-c", "-f", "-"), script);
  }

  /**
   * What {@code nft -j list …} prints: JSON as of libnftables-json(5).
   *
   * @param arguments for example {@code "table", "inet", "naru"}
   */
  public static String listJson(String... arguments) {
    List<String> command = new ArrayList<>(List.of("-j", "list"));
    command.addAll(List.of(arguments));
    return require("list " + String.join(" ", arguments), command, "");
  }

  /**
   * A table's chains, rules and sets in nft's language, without the elements of the sets: short
   * however large those are.
   */
  public static String listWithoutElements(String family, String table) {
    return require(
        "list table " + table,
        List.of("-t", "list", "table", family(family), identifier(table)),
        "");
  }

  /** The named counters of a table, by name. */
  public static Map<String, NamedCounter> counters(String family, String table) {
    String listing =
        require(
            "list the counters of table " + table,
            List.of("list", "counters", "table", family(family), identifier(table)),
            "");
    return parseCounters(listing);
  }

  static Map<String, NamedCounter> parseCounters(String listing) {
    Map<String, NamedCounter> counters = new TreeMap<>();
    Matcher matcher = COUNTER.matcher(listing);
    while (matcher.find()) {
      try {
        NamedCounter counter =
            new NamedCounter(
                matcher.group(1),
                Long.parseUnsignedLong(matcher.group(2)),
                Long.parseUnsignedLong(matcher.group(3)));
        counters.put(counter.name(), counter);
      } catch (NumberFormatException tooLong) {
        throw new NaruException(
            ErrorCode.MALFORMED, "nft printed a counter that is no number", tooLong);
      }
    }
    return Map.copyOf(counters);
  }

  /** Deletes a table with all that is in it; one that is not there counts as deleted. */
  public static void deleteTable(String family, String table) {
    String name = family(family) + " " + identifier(table);
    // Adding what may be there already makes the deletion safe, within one transaction.
    apply("add table " + name + "\ndelete table " + name + "\n");
  }

  /** Whether there is such a table. */
  public static boolean tableExists(String family, String table) {
    try {
      String _ = listWithoutElements(family, table);
      return true;
    } catch (NftablesException refused) {
      if (refused.isAbsent()) {
        return false;
      }
      throw refused;
    }
  }

  private static String require(String operation, List<String> arguments, String input) {
    NftProgram.Result result = NftProgram.run(arguments, input);
    if (result.exitCode() != 0) {
      throw new NftablesException(operation, result.errors());
    }
    return result.output();
  }

  private static String identifier(String name) {
    if (!IDENTIFIER.matcher(name).matches()) {
      throw new NaruException(ErrorCode.BAD_INPUT, "'" + name + "' cannot name an nftables table");
    }
    return name;
  }

  private static String family(String name) {
    if (!FAMILY.matcher(name).matches()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'" + name + "' is not an nftables family; use ip, ip6, inet, arp, bridge or netdev");
    }
    return name;
  }
}

package io.naru.doctor.audit.rules;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.error.NaruException;
import io.naru.doctor.audit.rules.Match.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Conditions of nft's JSON; one that is not known may hold or not. */
final class NftMatches {
  /** Elements of named sets, by the key of their table and their name. */
  private final Map<String, JsonNode> sets = new HashMap<>();

  NftMatches(JsonNode list) {
    for (JsonNode each : list) {
      JsonNode set = each.path("set");
      if (set.isObject()) {
        sets.put(
            set.path("family").asString("")
                + " "
                + set.path("table").asString("")
                + " "
                + set.path("name").asString(""),
            set.path("elem"));
      }
    }
  }

  Match of(JsonNode match, String table) {
    Match equal = equal(match.path("left"), match.path("right"), table);
    return switch (match.path("op").asString("")) {
      case "==", "in", "" -> equal;
      case "!=" -> new Match.Not(equal);
      default -> new Match.Unclear();
    };
  }

  /** Whether a field has a value, or one of a set. */
  Match equal(JsonNode left, JsonNode right, String table) {
    List<JsonNode> values = new ArrayList<>();
    collect(right, table, values);
    JsonNode payload = left.path("payload");
    String field = payload.path("protocol").asString("") + " " + payload.path("field").asString("");
    if (payload.isObject()) {
      return switch (field) {
        case "udp dport" -> both(17, ports(values).map(Match.DestinationPort::new));
        case "tcp dport" -> both(6, ports(values).map(Match.DestinationPort::new));
        case "th dport" -> ports(values).<Match>map(Match.DestinationPort::new).orElse(unclear());
        case "udp sport" -> both(17, ports(values).map(Match.SourcePort::new));
        case "tcp sport" -> both(6, ports(values).map(Match.SourcePort::new));
        case "ip protocol", "ip6 nexthdr" -> protocols(values);
        case "ip saddr", "ip6 saddr" -> blocks(values, true);
        case "ip daddr", "ip6 daddr" -> blocks(values, false);
        default -> unclear();
      };
    }
    String meta = left.path("meta").path("key").asString("");
    return switch (meta) {
      case "l4proto" -> protocols(values);
      case "nfproto" -> family(values);
      case "iifname", "oifname", "iif", "oif" -> new Match.Interface(texts(values));
      default ->
          left.path("ct").path("key").asString("").equals("state")
              ? new Match.State(texts(values))
              : isLocalDestination(left, values) ? new Match.Always() : unclear();
    };
  }

  private static boolean isLocalDestination(JsonNode left, List<JsonNode> values) {
    return left.path("fib").path("result").asString("").equals("type")
        && texts(values).contains("local");
  }

  private static Match unclear() {
    return new Match.Unclear();
  }

  private void collect(JsonNode value, String table, List<JsonNode> into) {
    if (value.isString() && value.asString().startsWith("@")) {
      JsonNode elements = sets.get(table + value.asString().substring(1));
      if (elements != null) {
        for (JsonNode each : elements) {
          into.add(each.path("elem").isObject() ? each.path("elem").path("val") : each);
        }
      }
    } else if (value.isArray()) {
      value.forEach(into::add);
    } else if (value.path("set").isArray()) {
      value.path("set").forEach(into::add);
    } else {
      into.add(value);
    }
  }

  /** A port of a protocol, which is a condition of its own. */
  private static Match both(int protocol, Optional<? extends Match> port) {
    Match inner = port.isPresent() ? port.get() : unclear();
    return new Match.All(
        List.of(new Match.Protocol(List.of(new Range(protocol, protocol))), inner));
  }

  private static Optional<List<Range>> ports(List<JsonNode> values) {
    List<Range> ranges = new ArrayList<>();
    for (JsonNode value : values) {
      JsonNode range = value.path("range");
      if (value.isInt()) {
        ranges.add(new Range(value.intValue(), value.intValue()));
      } else if (range.isArray() && range.path(0).isInt() && range.path(1).isInt()) {
        ranges.add(new Range(range.path(0).intValue(), range.path(1).intValue()));
      } else {
        return Optional.empty(); // a service by its name, or a concatenation
      }
    }
    return Optional.of(ranges);
  }

  private static Match protocols(List<JsonNode> values) {
    List<Range> numbers = new ArrayList<>();
    for (JsonNode value : values) {
      int number =
          switch (value.asString("")) {
            case "tcp" -> 6;
            case "udp" -> 17;
            case "icmp" -> 1;
            case "ipv6-icmp", "icmpv6" -> 58;
            case "ipencap", "ipip" -> 4;
            default -> value.isInt() ? value.intValue() : 256;
          };
      numbers.add(new Range(number, number));
    }
    return new Match.Protocol(numbers);
  }

  private static Match family(List<JsonNode> values) {
    return switch (values.isEmpty() ? "" : values.getFirst().asString("")) {
      case "ipv4" -> new Match.Family(IpFamily.IPV4);
      case "ipv6" -> new Match.Family(IpFamily.IPV6);
      default -> unclear();
    };
  }

  private static Match blocks(List<JsonNode> values, boolean source) {
    List<Prefix> blocks = new ArrayList<>();
    try {
      for (JsonNode value : values) {
        JsonNode prefix = value.path("prefix");
        if (prefix.isObject()) {
          blocks.add(
              Prefix.around(
                  IpAddress.parse(prefix.path("addr").asString("")), prefix.path("len").asInt(-1)));
        } else if (value.isString()) {
          blocks.add(IpAddress.parse(value.asString()).toPrefix());
        } else {
          return unclear(); // a range of addresses
        }
      }
    } catch (NaruException aName) {
      return unclear();
    }
    return new Match.Address(source, blocks);
  }

  private static Set<String> texts(List<JsonNode> values) {
    Set<String> texts = new HashSet<>();
    values.forEach(value -> texts.add(value.asString("")));
    return texts;
  }
}

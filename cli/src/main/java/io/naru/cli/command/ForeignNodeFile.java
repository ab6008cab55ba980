package io.naru.cli.command;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A list of tunnel end points that run no Naru, YAML or JSON. Every mistake is named by the number
 * of its entry, counted from 1, and by the entry's name if it has one.
 */
final class ForeignNodeFile {
  private static final Set<String> KEYS = Set.of("name", "addresses", "vtepMac", "podCidrs");

  private final List<ForeignNode> nodes = new ArrayList<>();
  private final List<String> mistakes = new ArrayList<>();

  private ForeignNodeFile() {}

  /**
   * Reads a file.
   *
   * @throws NaruException BAD_INPUT with every mistake
   */
  static List<ForeignNode> read(Path file) {
    return parse(EntryList.text(file), file.toString());
  }

  /**
   * The nodes that a text lists.
   *
   * @param source what it is, for the sentence
   */
  static List<ForeignNode> parse(String text, String source) {
    JsonNode list =
        EntryList.entries(
            text,
            source,
            "a list of nodes, each like {name: edge1, addresses: [192.0.2.7], vtepMac:"
                + " '02:00:00:00:00:07', podCidrs: [10.244.200.0/24]}");
    ForeignNodeFile parsed = new ForeignNodeFile();
    for (int i = 0; i < list.size(); i++) {
      parsed.entry(i + 1, list.get(i));
    }
    if (!parsed.mistakes.isEmpty()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          source
              + " has mistakes, so nothing was registered:\n  "
              + String.join("\n  ", parsed.mistakes));
    }
    return List.copyOf(parsed.nodes);
  }

  private void entry(int number, JsonNode entry) {
    String label = label(number, entry);
    if (!entry.isObject()) {
      mistakes.add(label + "it must have the keys name, addresses, vtepMac and podCidrs");
      return;
    }
    int before = mistakes.size();
    entry.propertyNames().stream()
        .filter(key -> !KEYS.contains(key))
        .forEach(key -> mistakes.add(label + "there is no key '" + key + "'"));
    Optional<NodeName> name = one(label, entry, "name", NodeName::new);
    Optional<MacAddress> mac = one(label, entry, "vtepMac", MacAddress::parse);
    List<IpAddress> addresses = many(label, entry, "addresses", IpAddress::parse);
    List<Prefix> podCidrs = many(label, entry, "podCidrs", Prefix::parse);
    if (mistakes.size() == before) {
      ForeignNode node =
          new ForeignNode(name.orElseThrow(), addresses, mac.orElseThrow(), podCidrs);
      node.mistakes().forEach(mistake -> mistakes.add(label + mistake));
      nodes.add(node);
    }
  }

  private static String label(int number, JsonNode entry) {
    String name = entry.path("name").asString("");
    return "entry "
        + number
        + (name.isEmpty() ? "" : ", node " + name.substring(0, Math.min(name.length(), 63)))
        + ": ";
  }

  private <T> Optional<T> one(String label, JsonNode entry, String key, Function<String, T> parse) {
    JsonNode value = entry.path(key);
    if (value.isMissingNode() || value.isNull()) {
      mistakes.add(label + key + " is missing");
      return Optional.empty();
    }
    return parsed(label, key, value, parse);
  }

  private <T> List<T> many(String label, JsonNode entry, String key, Function<String, T> parse) {
    JsonNode values = entry.path(key);
    List<T> found = new ArrayList<>();
    if (!values.isArray()) {
      mistakes.add(
          label + (values.isMissingNode() ? key + " is missing" : key + " must be a list"));
      return found;
    }
    values.forEach(value -> parsed(label, key, value, parse).ifPresent(found::add));
    return found;
  }

  private <T> Optional<T> parsed(
      String label, String key, JsonNode value, Function<String, T> parse) {
    if (!value.isString()) {
      mistakes.add(label + key + " must be text; put it between quotation marks");
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(value.asString()));
    } catch (NaruException wrong) {
      mistakes.add(label + key + ": " + wrong.sentence());
      return Optional.empty();
    }
  }
}

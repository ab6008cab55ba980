package io.naru.cli.command;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.Backend;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.core.service.ServiceWish;
import io.naru.core.service.TrafficPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A list of services, YAML or JSON. Every mistake is named by the number of its entry, counted from
 * 1, and by the entry's name if it has one.
 */
final class ServiceFile {
  private static final Set<String> KEYS =
      Set.of(
          "name",
          "clusterIps",
          "headless",
          "ports",
          "nodePorts",
          "backends",
          "affinitySeconds",
          "externalPolicy",
          "internalPolicy",
          "publishNotReady");
  private static final Set<String> PORT_KEYS =
      Set.of("name", "port", "target", "protocol", "nodePort");
  private static final Set<String> BACKEND_KEYS = Set.of("address", "state", "hostname");
  private static final int MOST_MISTAKES = 100;

  private final BackendPods pods;
  private final List<ServiceWish> wishes = new ArrayList<>();
  private final List<String> mistakes = new ArrayList<>();

  private ServiceFile(BackendPods pods) {
    this.pods = pods;
  }

  /**
   * Reads a file.
   *
   * @throws NaruException BAD_INPUT with every mistake
   */
  static List<ServiceWish> read(Path file, BackendPods pods) {
    return parse(EntryList.text(file), file.toString(), pods);
  }

  /**
   * The services that a text lists.
   *
   * @param source what it is, for the sentence
   */
  static List<ServiceWish> parse(String text, String source, BackendPods pods) {
    JsonNode list =
        EntryList.entries(
            text,
            source,
            "a list of services, each like {name: shop/web, ports: ['80:8080'], backends:"
                + " [10.244.1.5]}");
    ServiceFile parsed = new ServiceFile(pods);
    int number = 1;
    for (JsonNode entry : list) {
      parsed.entry(number++, entry);
    }
    if (!parsed.mistakes.isEmpty()) {
      List<String> shown = new ArrayList<>(parsed.mistakes);
      if (shown.size() > MOST_MISTAKES) {
        int more = shown.size() - MOST_MISTAKES;
        shown.subList(MOST_MISTAKES, shown.size()).clear();
        shown.add("and " + more + " more");
      }
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          source + " has mistakes, so nothing was changed:\n  " + String.join("\n  ", shown));
    }
    return List.copyOf(parsed.wishes);
  }

  private void entry(int number, JsonNode json) {
    String label = label(number, json);
    if (!json.isObject()) {
      mistakes.add(label + "it must have the keys name, ports and backends");
      return;
    }
    int before = mistakes.size();
    Entry entry = new Entry(label, json, mistakes);
    entry.unknownKeys(KEYS);
    Optional<ServiceName> name = entry.one("name", ServiceName::parse);
    if (name.isEmpty() && !json.has("name")) {
      mistakes.add(label + "name is missing");
    }
    List<IpAddress> clusterIps = entry.many("clusterIps", json1 -> address(json1));
    List<ServicePort> ports = entry.many("ports", port -> port(label, port));
    boolean headless = entry.choice("headless");
    List<List<Backend>> backends =
        entry.many(
            "backends",
            backend -> backends(label, backend, pods.families(name, clusterIps, headless)));
    Optional<Integer> affinity = entry.number("affinitySeconds");
    Optional<TrafficPolicy> external = entry.one("externalPolicy", ServiceForms::policy);
    Optional<TrafficPolicy> internal = entry.one("internalPolicy", ServiceForms::policy);
    boolean publish = entry.choice("publishNotReady");
    boolean nodePorts = entry.choice("nodePorts");
    if (mistakes.size() == before) {
      Service service =
          new Service(
              name.orElseThrow(),
              clusterIps,
              ports,
              backends.stream().flatMap(List::stream).toList(),
              affinity,
              external.orElse(TrafficPolicy.CLUSTER),
              internal.orElse(TrafficPolicy.CLUSTER),
              publish);
      wishes.add(new ServiceWish(service, headless, nodePorts));
    }
  }

  private static String label(int number, JsonNode entry) {
    String name = entry.path("name").asString("");
    return "entry "
        + number
        + (name.isEmpty() ? "" : ", service " + name.substring(0, Math.min(name.length(), 127)))
        + ": ";
  }

  private static IpAddress address(JsonNode json) {
    return IpAddress.parse(text(json));
  }

  private static String text(JsonNode json) {
    if (!json.isString()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "'" + json + "' must be text; put it between quotation marks");
    }
    return json.asString();
  }

  private ServicePort port(String label, JsonNode json) {
    if (!json.isObject()) {
      return ServiceForms.port(json.isInt() ? json.toString() : text(json));
    }
    Entry entry = new Entry(label + "ports: ", json, mistakes);
    entry.unknownKeys(PORT_KEYS);
    return new ServicePort(
        entry.one("name", name -> name).orElse(""),
        entry.one("protocol", Protocol::parse).orElse(Protocol.TCP),
        entry.number("port").orElse(0),
        entry.number("target").orElse(0),
        entry.number("nodePort"));
  }

  private List<Backend> backends(
      String label, JsonNode json, Function<String, List<IpAddress>> addresses) {
    if (!json.isObject()) {
      return ServiceForms.backends(text(json), addresses);
    }
    Entry entry = new Entry(label + "backends: ", json, mistakes);
    entry.unknownKeys(BACKEND_KEYS);
    String address = entry.one("address", text -> text).orElse("");
    String state = entry.one("state", text -> text).map(said -> "=" + said).orElse("");
    Optional<String> hostname = entry.one("hostname", text -> text);
    return ServiceForms.backends(address + state, addresses).stream()
        .map(it -> new Backend(it.address(), it.state(), hostname.or(it::hostname)))
        .toList();
  }

  /** An object of the file; what is wrong with its values is noted with its label. */
  private record Entry(String label, JsonNode json, List<String> mistakes) {
    void unknownKeys(Set<String> known) {
      json.propertyNames().stream()
          .filter(key -> !known.contains(key))
          .forEach(key -> mistakes.add(label + "there is no key '" + key + "'"));
    }

    private boolean has(String key) {
      return !json.path(key).isMissingNode() && !json.path(key).isNull();
    }

    <T> Optional<T> one(String key, Function<String, T> parse) {
      return has(key) ? parsed(key, json.path(key), value -> parse.apply(text(value))) : absent();
    }

    <T> List<T> many(String key, Function<JsonNode, T> parse) {
      List<T> found = new ArrayList<>();
      if (!has(key)) {
        return found;
      }
      if (!json.path(key).isArray()) {
        mistakes.add(label + key + " must be a list");
        return found;
      }
      json.path(key).forEach(value -> parsed(key, value, parse).ifPresent(found::add));
      return found;
    }

    Optional<Integer> number(String key) {
      if (has(key) && !json.path(key).isInt()) {
        mistakes.add(label + key + " must be a whole number");
        return Optional.empty();
      }
      return has(key) ? Optional.of(json.path(key).asInt()) : Optional.empty();
    }

    boolean choice(String key) {
      if (has(key) && !json.path(key).isBoolean()) {
        mistakes.add(label + key + " must be true or false");
      }
      return json.path(key).asBoolean(false);
    }

    private static <T> Optional<T> absent() {
      return Optional.empty();
    }

    private <T> Optional<T> parsed(String key, JsonNode value, Function<JsonNode, T> parse) {
      try {
        return Optional.of(parse.apply(value));
      } catch (NaruException wrong) {
        mistakes.add(label + key + ": " + wrong.sentence());
        return Optional.empty();
      }
    }
  }
}

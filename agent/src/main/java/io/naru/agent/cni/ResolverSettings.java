package io.naru.agent.cni;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code dns} of a result: what the runtime asks for by the capability of that name, else what
 * the configuration says, else what a plugin before ours said, else the node's own server.
 */
final class ResolverSettings {
  /** Names of the capability (conventions of CNI), and those of a result. */
  private static final Map<String, String> NAMES =
      Map.of("servers", "nameservers", "searches", "search", "options", "options");

  private ResolverSettings() {}

  /**
   * What a pod is told to use the node's own DNS server, as Kubernetes' pods are told of theirs;
   * nothing where there is none.
   *
   * @param namespace the pod's
   */
  static ObjectNode own(NamesAnswered names, String namespace) {
    ObjectNode dns = CniConfiguration.JSON.createObjectNode();
    if (!names.servers().isEmpty()) {
      ArrayNode nameservers = dns.putArray("nameservers");
      names.servers().forEach(server -> nameservers.add(server.toString()));
      String services = "svc." + names.domain();
      dns.putArray("search").add(namespace + "." + services).add(services).add(names.domain());
      dns.putArray("options").add("ndots:5");
    }
    return dns;
  }

  /**
   * @throws CniException with code 7 for something else than an object with lists
   */
  static ObjectNode of(JsonNode configuration, Optional<PreviousResult> previous) {
    ObjectNode result = CniConfiguration.JSON.createObjectNode();
    JsonNode asked = configuration.path("runtimeConfig").path("dns");
    if (asked.isObject()) {
      NAMES.forEach(
          (from, to) -> {
            if (asked.path(from).isArray() && !asked.path(from).isEmpty()) {
              result.set(to, asked.path(from));
            }
          });
    }
    JsonNode dns = configuration.path("dns");
    if (!dns.isMissingNode() && !dns.isNull() && !dns.isObject()) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIGURATION, "the configuration's \"dns\" must be an object");
    }
    JsonNode otherwise =
        dns.isObject() ? dns : previous.map(before -> before.json().path("dns")).orElse(result);
    for (var member : otherwise.properties()) {
      if (!result.has(member.getKey())) {
        result.set(member.getKey(), member.getValue());
      }
    }
    return result;
  }
}

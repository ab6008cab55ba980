package io.naru.lab;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.NaruException;
import io.naru.core.service.Protocol;
import io.naru.core.service.ServiceScript;
import io.naru.lab.fault.NodeSight.Serving;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Where a node's kernel leads connections to services, read from the nftables table of the node's
 * agent.
 *
 * @param namespace the node's
 */
record ServiceSight(String namespace) {
  /**
   * The ports of pods that services lead to.
   *
   * @param pods the node's own, by their addresses
   */
  List<Serving> serving(Map<IpAddress, String> pods) {
    List<Serving> serving = new ArrayList<>();
    if (pods.isEmpty()) {
      return serving;
    }
    for (IpFamily family : IpFamily.values()) {
      String digit =
          switch (family) {
            case IPV4 -> "4";
            case IPV6 -> "6";
          };
      Map<String, Integer> ports = new HashMap<>();
      for (JsonNode element : elements("targets" + digit)) {
        ports.put(frontend(element), element.path(1).asInt(0));
      }
      // With and without session affinity: only the maps of services that are there have elements.
      for (String map :
          ports.isEmpty() ? List.<String>of() : List.of("backends", "backends_by_id")) {
        for (JsonNode element : elements(map + digit)) {
          Optional<String> pod = address(element.path(1)).map(pods::get);
          Optional<Protocol> protocol = protocol(element);
          int port = ports.getOrDefault(frontend(element), 0);
          if (pod.isPresent() && protocol.isPresent() && port > 0) {
            serving.add(
                new Serving(
                    pod.get(), address(element.path(1)).orElseThrow(), protocol.get(), port));
          }
        }
      }
    }
    return serving.stream().distinct().toList();
  }

  private List<JsonNode> elements(String map) {
    List<JsonNode> elements = new ArrayList<>();
    for (JsonNode object :
        Sights.json(namespace, "nft", "-j", "list", "map", "inet", ServiceScript.TABLE, map)
            .path("nftables")) {
      object.path("map").path("elem").forEach(elements::add);
    }
    return elements;
  }

  /** The service's address, protocol and port, which begin the key of each of its maps. */
  private static String frontend(JsonNode element) {
    JsonNode key = element.path(0).path("concat");
    return key.path(0) + " " + key.path(1) + " " + key.path(2);
  }

  private static Optional<Protocol> protocol(JsonNode element) {
    String text = element.path(0).path("concat").path(1).asString("");
    for (Protocol protocol : Protocol.values()) {
      if (text.equals(protocol.toString()) || text.equals("" + protocol.number())) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }

  private static Optional<IpAddress> address(JsonNode value) {
    try {
      return Optional.of(IpAddress.parse(value.asString("")));
    } catch (NaruException otherValue) {
      return Optional.empty();
    }
  }
}

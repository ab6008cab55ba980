package io.naru.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import io.naru.agent.pod.CniPlugin.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Executes a list of plugins as a runtime must (CNI specification, section 3): the result of each
 * is the next one's prevResult, capabilities become runtimeConfig, DEL goes backwards.
 */
final class PluginChain {
  private final CniNode node;
  private final JsonNode list;
  private final Map<String, Path> programs;
  private final Map<String, JsonNode> results = new HashMap<>();

  /**
   * @param list a network configuration with its "plugins"
   * @param programs by type; others are Debian's
   */
  PluginChain(CniNode node, String list, Map<String, Path> programs) {
    this.node = node;
    this.list = JsonMapper.shared().readTree(list);
    this.programs = programs;
  }

  private CniPlugin plugin(JsonNode configuration, TestNamespace pod) {
    String type = configuration.get("type").asString();
    CniPlugin naru = node.naru(pod);
    return type.equals("naru-cni")
        ? naru
        : new CniPlugin(
            programs.getOrDefault(type, Path.of("/usr/lib/cni", type)),
            naru.node(),
            naru.with("CNI_PATH", "/usr/lib/cni").environment());
  }

  private String request(JsonNode configuration, JsonNode previous, JsonNode capabilities) {
    ObjectNode request = (ObjectNode) configuration.deepCopy();
    request.set("cniVersion", list.get("cniVersion"));
    request.set("name", list.get("name"));
    ObjectNode served = JsonMapper.shared().createObjectNode();
    for (var declared : configuration.path("capabilities").properties()) {
      if (declared.getValue().asBoolean() && capabilities.has(declared.getKey())) {
        served.set(declared.getKey(), capabilities.get(declared.getKey()));
      }
    }
    if (!served.isEmpty()) {
      request.set("runtimeConfig", served);
    }
    request.remove("capabilities");
    if (previous.isObject()) {
      request.set("prevResult", previous);
    }
    return request.toString();
  }

  /** The result of the last plugin, or the error of the first that failed. */
  Outcome add(TestNamespace pod, String capabilities) {
    JsonNode previous = JsonMapper.shared().missingNode();
    Outcome outcome = new Outcome(0, "");
    for (JsonNode each : list.get("plugins").values()) {
      outcome =
          plugin(each, pod)
              .run("ADD", request(each, previous, JsonMapper.shared().readTree(capabilities)));
      if (outcome.exitCode() != 0) {
        return outcome;
      }
      previous = outcome.json();
    }
    results.put(pod.name(), previous);
    return outcome;
  }

  List<Outcome> check(TestNamespace pod, String capabilities) {
    return each(pod, "CHECK", capabilities, list.get("plugins").values().stream().toList());
  }

  void delete(TestNamespace pod, String capabilities) {
    List<JsonNode> backwards = new ArrayList<>(list.get("plugins").values()).reversed();
    assertThat(each(pod, "DEL", capabilities, backwards))
        .allSatisfy(outcome -> assertThat(outcome.exitCode()).as(outcome.output()).isZero());
  }

  private List<Outcome> each(
      TestNamespace pod, String command, String capabilities, List<JsonNode> plugins) {
    JsonNode result = results.getOrDefault(pod.name(), JsonMapper.shared().missingNode());
    JsonNode served = JsonMapper.shared().readTree(capabilities);
    return plugins.stream()
        .map(one -> plugin(one, pod).run(command, request(one, result, served)))
        .toList();
  }
}

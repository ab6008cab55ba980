package io.naru.lab;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.process.Program;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The real CNI plugin, called on a node as a container runtime calls it: CNI specification 1.0.0,
 * section 2.
 */
record CniCall(Node node, String containerId, String pod, Topology topology) {
  /** Where pods are that nobody put elsewhere. */
  private static final String NAMESPACE = "default";

  private static final String DIRECTORY = "/opt/cni/bin";
  private static final String PLUGIN = DIRECTORY + "/naru-cni";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * What the plugin gave the pod.
   *
   * @param resolver the text of its resolv.conf, if it shall have one of its own
   */
  record Result(List<IpAddress> addresses, Optional<String> resolver) {}

  /** Wires the pod. A failed attempt is taken back. */
  Result add(PodNames names) {
    try {
      JsonNode result = parsed(call("ADD", configuration(names)));
      return new Result(
          addresses(result),
          switch (names) {
            case PodNames.OfHost _ -> Optional.empty();
            case PodNames.OfNetwork _, PodNames.Asked _ ->
                Optional.of(ResolverFile.of(pod, result.path("dns")));
          });
    } catch (NaruException failed) {
      try {
        delete();
      } catch (NaruException alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      throw failed;
    }
  }

  /** Takes the pod off the network. */
  void delete() {
    call("DEL", configuration(new PodNames.OfHost()));
  }

  private static String configuration(PodNames names) {
    ObjectNode configuration = JSON.createObjectNode();
    configuration.put("cniVersion", "1.0.0").put("name", "naru").put("type", "naru-cni");
    if (names instanceof PodNames.Asked(List<IpAddress> servers, List<String> options)) {
      // The capability "dns" of CNI's conventions: so a runtime says what a pod's settings want.
      ObjectNode dns = configuration.putObject("runtimeConfig").putObject("dns");
      ArrayNode list = dns.putArray("servers");
      servers.forEach(server -> list.add(server.toString()));
      options.forEach(dns.withArray("options")::add);
    }
    return JSON.writeValueAsString(configuration) + "\n";
  }

  private String call(String command, String configuration) {
    var environment =
        Map.of(
            "CNI_COMMAND",
            command,
            "CNI_CONTAINERID",
            containerId,
            "CNI_NETNS",
            Namespaces.file(topology.podNamespace(pod)).toString(),
            "CNI_IFNAME",
            "eth0",
            "CNI_PATH",
            DIRECTORY,
            "CNI_ARGS",
            "IgnoreUnknown=1;K8S_POD_NAMESPACE=%s;K8S_POD_NAME=%s".formatted(NAMESPACE, pod));
    Program.Result result =
        new Program(node.enter(List.of(PLUGIN)), environment).tryRun(configuration);
    if (result.exitCode() != 0) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "the CNI plugin on %s refused %s for pod '%s': %s"
              .formatted(node.spec().name(), command, pod, reason(result)));
    }
    return result.output();
  }

  /** What the plugin says in its error object, or whatever it printed. */
  private static String reason(Program.Result result) {
    String printed = (result.output() + " " + result.errors()).strip();
    try {
      JsonNode error = JSON.readTree(result.output());
      String details = error.path("details").asString("");
      String message = error.path("msg").asString("");
      return message.isEmpty() ? printed : details.isEmpty() ? message : message + ": " + details;
    } catch (JacksonException notJson) {
      return printed.isEmpty() ? "it printed nothing" : printed;
    }
  }

  private JsonNode parsed(String output) {
    try {
      return JSON.readTree(output);
    } catch (JacksonException malformed) {
      throw new NaruException(
          ErrorCode.MALFORMED,
          "the CNI plugin's result for pod '" + pod + "' is not JSON: " + output.strip(),
          malformed);
    }
  }

  private static List<IpAddress> addresses(JsonNode result) {
    List<IpAddress> addresses = new ArrayList<>();
    for (JsonNode ip : result.path("ips")) {
      addresses.add(InterfaceAddress.parse(ip.path("address").asString("")).address());
    }
    return List.copyOf(addresses);
  }
}

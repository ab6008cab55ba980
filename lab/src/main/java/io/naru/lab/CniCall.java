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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real CNI plugin, called on a node as a container runtime calls it: CNI specification 1.0.0,
 * section 2.
 */
record CniCall(Node node, String containerId, String pod, Topology topology) {
  private static final String DIRECTORY = "/opt/cni/bin";
  private static final String PLUGIN = DIRECTORY + "/naru-cni";
  private static final String CONFIGURATION =
      """
      {"cniVersion":"1.0.0","name":"naru","type":"naru-cni"}
      """;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Wires the pod and returns its addresses. A failed attempt is taken back. */
  List<IpAddress> add() {
    try {
      return addresses(call("ADD"));
    } catch (NaruException failed) {
      try {
        call("DEL");
      } catch (NaruException alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      throw failed;
    }
  }

  /** Takes the pod off the network. */
  void delete() {
    call("DEL");
  }

  private String call(String command) {
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
            "IgnoreUnknown=1;K8S_POD_NAMESPACE=%s;K8S_POD_NAME=%s"
                .formatted(topology.spec().name(), pod));
    Program.Result result =
        new Program(node.enter(List.of(PLUGIN)), environment).tryRun(CONFIGURATION);
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

  private List<IpAddress> addresses(String output) {
    try {
      List<IpAddress> addresses = new ArrayList<>();
      for (JsonNode ip : JSON.readTree(output).path("ips")) {
        addresses.add(InterfaceAddress.parse(ip.path("address").asString("")).address());
      }
      return List.copyOf(addresses);
    } catch (JacksonException malformed) {
      throw new NaruException(
          ErrorCode.MALFORMED,
          "the CNI plugin's result for pod '" + pod + "' is not JSON: " + output.strip(),
          malformed);
    }
  }
}

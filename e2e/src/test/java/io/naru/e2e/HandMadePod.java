package io.naru.e2e;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** A pod that the CNI plugin wires when it is called by hand, as a runtime would call it. */
record HandMadePod(TestHost host, String id, Process process, String namespace) {
  void add() {
    JsonNode result = call("ADD").run(CONFIGURATION).json();
    if (result.path("ips").isEmpty()) {
      throw new AssertionError("no address: " + result);
    }
  }

  void remove() {
    call("DEL").run(CONFIGURATION);
  }

  private static final String CONFIGURATION =
      "{\"cniVersion\":\"1.0.0\",\"name\":\"naru\",\"type\":\"naru-cni\"}";

  private Command call(String command) {
    return Command.of(
        host.inside(
            List.of(
                "env",
                "CNI_COMMAND=" + command,
                "CNI_CONTAINERID=" + id,
                "CNI_NETNS=" + namespace,
                "CNI_IFNAME=eth0",
                "CNI_PATH=/opt/cni/bin",
                Installation.cniPlugin().toString())));
  }

  String address() {
    return shell("ip -4 -o addr show dev eth0").out().replaceAll("(?s).*inet ([0-9.]+)/.*", "$1");
  }

  boolean pings(HandMadePod other) {
    return shell(Traffic.ping(other.address())).succeeded();
  }

  Command.Result shell(String script) {
    return Command.of(
            "nsenter", "--target", "" + process.pid(), "--net", "--", "bash", "-c", script)
        .tryRun();
  }
}

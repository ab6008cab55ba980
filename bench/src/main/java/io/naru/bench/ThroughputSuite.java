package io.naru.bench;

import io.naru.channel.frame.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One TCP stream for two seconds, from pod to pod: what arrives. */
record ThroughputSuite(Layouts layouts) implements Suite {
  private static final String PORT = "5201";

  static Suite open(Installation naru) {
    Layouts layouts = Layouts.open(naru);
    for (Ends ends : layouts.all()) {
      Command.of("iperf3", "--server", "--port", PORT).in(ends.server()).startUntilTheEnd();
    }
    return new ThroughputSuite(layouts);
  }

  @Override
  public String name() {
    return "network-throughput";
  }

  @Override
  public String unit() {
    return "Gbit/s";
  }

  @Override
  public List<Row> rows() {
    return layouts.rows(
        ThroughputSuite::gigabits,
        Goal.atLeast(1, Layouts.FLANNEL_VXLAN),
        List.of(Goal.atLeast(1.1, Layouts.FLANNEL_HOST_GW)));
  }

  private static double gigabits(Ends ends) {
    String report =
        Attempts.first(
            Command.of(
                    "iperf3", "--client", ends.address(), "--port", PORT, "--time", "2", "--json")
                .in(ends.client()));
    JsonNode received = Json.read(report, JsonNode.class).path("end").path("sum_received");
    return received.path("bits_per_second").asDouble() / 1e9;
  }
}

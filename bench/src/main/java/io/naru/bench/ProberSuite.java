package io.naru.bench;

import io.naru.channel.frame.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What proving the paths all the time costs: one TCP stream for two seconds between pods, while
 * both agents probe, and while both are stopped.
 */
record ProberSuite(BenchLab lab, Ends pods) implements Suite {
  private static final String PORT = "5201";
  private static final String STOPPED = "agents stopped";

  static Suite open(Installation naru) {
    BenchLab lab = BenchLab.up(naru, "prober", 2, "vxlan");
    Ends pods = lab.pods();
    Command.of("iperf3", "--server", "--port", PORT).in(pods.server()).startUntilTheEnd();
    return new ProberSuite(lab, pods);
  }

  @Override
  public String name() {
    return "doctor-prober";
  }

  @Override
  public String unit() {
    return "Gbit/s";
  }

  @Override
  public List<Row> rows() {
    return List.of(
        new Row(STOPPED, this::stopped),
        new Row("agents prove the paths", this::gigabits, Goal.atLeast(0.95, STOPPED)));
  }

  /** The kernels carry packets on without them. */
  private double stopped() {
    signal("STOP");
    try {
      return gigabits();
    } finally {
      signal("CONT");
    }
  }

  private void signal(String name) {
    for (int node = 1; node <= 2; node++) {
      Command.of("kill", "-" + name, Long.toString(lab.agent(node))).run();
    }
  }

  private double gigabits() {
    String report =
        Attempts.first(
            Command.of("iperf3", "--client", pods.address(), "--port", PORT, "--time", "2")
                .and("--json")
                .in(pods.client()));
    JsonNode received = Json.read(report, JsonNode.class).path("end").path("sum_received");
    return received.path("bits_per_second").asDouble() / 1e9;
  }

  @Override
  public void close() {
    lab.down();
  }
}

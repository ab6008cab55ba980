package io.naru.bench;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** 64 bytes there and back over one TCP connection, one after the other for two seconds: median. */
record RoundTripSuite(Layouts layouts) implements Suite {
  private static final String PORT = "11111";
  private static final Pattern MEDIAN = Pattern.compile("percentile 50\\.000 =\\s+([0-9.]+)");

  static Suite open(Installation naru) {
    Layouts layouts = Layouts.open(naru);
    for (Ends ends : layouts.all()) {
      Command.of("sockperf", "server", "--tcp", "-i", ends.address(), "-p", PORT)
          .in(ends.server())
          .startUntilTheEnd();
    }
    return new RoundTripSuite(layouts);
  }

  @Override
  public String name() {
    return "network-round-trip";
  }

  @Override
  public String unit() {
    return "µs";
  }

  @Override
  public List<Row> rows() {
    return layouts.rows(
        RoundTripSuite::microseconds,
        Goal.atMost(1, Layouts.FLANNEL_VXLAN),
        List.of(Goal.atMost(1, Layouts.FLANNEL_HOST_GW)));
  }

  private static double microseconds(Ends ends) {
    String report =
        Attempts.first(
            Command.of("sockperf", "ping-pong", "--tcp", "-i", ends.address(), "-p", PORT)
                .and("--msg-size", "64", "--time", "2", "--full-rtt")
                .in(ends.client()));
    Matcher median = MEDIAN.matcher(report);
    if (!median.find()) {
      throw new IllegalStateException("sockperf told no median: " + report);
    }
    return Double.parseDouble(median.group(1));
  }
}

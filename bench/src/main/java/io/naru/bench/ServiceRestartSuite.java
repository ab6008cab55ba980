package io.naru.bench;

import java.time.Duration;
import java.util.List;

/**
 * A node whose agent is killed while its names and a service are in use: how long names are away,
 * and what else fails meanwhile.
 */
final class ServiceRestartSuite implements Suite {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** The new agent has looked at everything by then. */
  private static final Duration SETTLING = Duration.ofSeconds(3);

  private static final String RATE = "10000";
  private static final String SERVICE = "10.96.100.1";
  private static final double MOST_MILLIS = 2000;

  /** What was found of one kill. */
  private record Outage(double millis, int wrong, int failed) {}

  private final NameServers servers;
  private final Ends ends;
  private Outage last = new Outage(Double.NaN, 0, 0);

  private ServiceRestartSuite(NameServers servers, Ends ends) {
    this.servers = servers;
    this.ends = ends;
  }

  static ServiceRestartSuite open(Installation naru) {
    NameServers servers = NameServers.open(naru, "restart");
    ConnectionTimer timer = ConnectionTimer.compile();
    BenchLab lab = servers.lab();
    String backend = NaruServices.server(lab, timer, "server", "");
    lab.command("service", "add", "bench/web", "--cluster-ip", SERVICE)
        .and("--port", ServiceList.PORT + ":" + ServiceList.TARGET, "--backend", backend)
        .run();
    Ends ends = new Ends(servers.client(), servers.pod("server"), SERVICE);
    timer.await(ends.client(), List.of(SERVICE), ServiceList.PORT, "", NaruServices.LONGEST);
    return new ServiceRestartSuite(servers, ends);
  }

  @Override
  public String name() {
    return "services-restart";
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public List<Row> rows() {
    return List.of(
        new Row("from kill -9 to an answer", this::outage, Goal.neverAbove(MOST_MILLIS)),
        Row.count("wrong answers until then", "answers", () -> last.wrong(), 0),
        Row.count("failed connections to a service", "connections", () -> last.failed(), 0));
  }

  private double outage() {
    Process load =
        Dnsperf.command(servers.client(), NameServers.NARU4, servers.clusterNames())
            .and("-Q", RATE, "-t", "1")
            .start();
    try (NameProbe probe =
            NameProbe.open(
                servers.client(), NameServers.NARU4, NameServers.name(1), NameServers.address(1));
        SteadyConnections connections = SteadyConnections.start(ends, ServiceList.PORT)) {
      int _ = probe.awaitRight(LONGEST);
      Attempts.pause(SETTLING);
      long killed = new Supervisor(servers.lab()).replace();
      int wrong = probe.awaitRight(LONGEST);
      double millis = (System.nanoTime() - killed) / 1e6;
      // What the new agent does to the kernel's table must not cut anything either.
      Attempts.pause(SETTLING);
      connections.end();
      if (connections.made() == 0) {
        throw new IllegalStateException("there was no connection to " + SERVICE + " at all");
      }
      last = new Outage(millis, wrong, connections.failed());
      return millis;
    } finally {
      load.destroyForcibly();
    }
  }
}

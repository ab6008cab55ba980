package io.naru.bench;

import io.naru.channel.frame.Json;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.lab.fault.Expectation;
import io.naru.lab.fault.Fault;
import io.naru.lab.fault.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From the break to the verdict: each fault in random order, between random nodes, over VXLAN; and
 * a healthy cluster, idle and under load. {@code naru doctor} is told nothing, but the port where a
 * fault is about one.
 */
final class DoctorSuite implements Suite {
  private static final int NODES = 3;
  private static final int HEALTHY_RUNS = 5;
  private static final Duration PAUSE = Duration.ofMillis(300);

  /** So many pauses, a minute together, the paths may take to be well again. */
  private static final int LONGEST_HEALING = 200;

  private static final String TOGETHER = "every fault";

  /** The same rule in the same place as a blocked port, only called from the other end. */
  private static final String PORT_BLOCKED_THE_OTHER_WAY = "underlay-return-blocked";

  /** So many times in each round two faults stand at once. */
  private static final int AT_ONCE = 4;

  private final BenchLab lab;
  private final Ends pods;
  private final Findings findings = new Findings();
  private boolean counted;

  private DoctorSuite(BenchLab lab, Ends pods) {
    this.lab = lab;
    this.pods = pods;
  }

  static Suite open(Installation naru) {
    BenchLab lab = BenchLab.up(naru, "doctor", NODES, "vxlan");
    Ends pods = lab.pods();
    lab.pod("third", "node3");
    DoctorSuite suite = new DoctorSuite(lab, pods);
    suite.awaitHealthy();
    return suite;
  }

  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String unit() {
    return "s";
  }

  /** A round breaks and heals everything once; that takes minutes. */
  @Override
  public int rounds(int asked) {
    return Rounds.LEAST;
  }

  @Override
  public Optional<String> together() {
    return Optional.of(TOGETHER);
  }

  @Override
  public void round(int number) {
    counted = number > 0;
  }

  @Override
  public List<Row> rows() {
    return Stream.of(
            Stream.of(
                new Row("all well, idle", this::healthy),
                new Row("all well, iperf3 between pods", this::healthyUnderLoad)),
            Faults.all().stream()
                .filter(DoctorSuite::isMadeHere)
                .map(fault -> new Row(fault.id(), () -> broken(fault))),
            Stream.of(new Row("two faults at once", this::twoAtOnce)))
        .flatMap(rows -> rows)
        .toList();
  }

  /** What a lab can make, bar the one that is about packets without a tunnel. */
  private static boolean isMadeHere(Fault fault) {
    return !fault.expected().isEmpty() && !fault.id().equals("direct-route-refused");
  }

  private double healthy() {
    double seconds = 0;
    for (int i = 0; i < HEALTHY_RUNS; i++) {
      long began = System.nanoTime();
      DoctorReport report = report(List.of());
      seconds += (System.nanoTime() - began) / 1e9;
      if (counted) {
        findings.addHealthy(report);
      }
    }
    return seconds / HEALTHY_RUNS;
  }

  private double healthyUnderLoad() {
    Process server = Command.of("iperf3", "-s").in(pods.server()).start();
    try {
      // Only when a short one has ended well does the server listen for sure.
      Attempts.first(traffic("1"));
      Process client = traffic("600").start();
      try {
        double seconds = healthy();
        if (!client.isAlive()) {
          throw new IllegalStateException("iperf3 ended early: the doctor ran without load");
        }
        return seconds;
      } finally {
        client.destroyForcibly();
      }
    } finally {
      server.destroyForcibly();
    }
  }

  private Command traffic(String seconds) {
    return Command.of("iperf3", "-c", pods.address(), "-t", seconds).in(pods.client());
  }

  private double broken(Fault fault) {
    List<String> nodes = new ArrayList<>(List.of("node1", "node2", "node3"));
    Collections.shuffle(nodes);
    NodePair direction = new NodePair(nodes.get(0), nodes.get(1));
    try {
      inject(new Findings.Injected(fault, direction));
      long began = System.nanoTime();
      DoctorReport report = report(about(fault, direction));
      double seconds = (System.nanoTime() - began) / 1e9;
      if (counted) {
        findings.add(fault, direction, report, seconds);
      }
      return seconds;
    } finally {
      lab.onLab("heal").run();
      awaitHealthy();
    }
  }

  /** Of different kinds, on different pairs of nodes: two of one kind are one verdict. */
  private double twoAtOnce() {
    List<Fault> faults =
        new ArrayList<>(
            Faults.all().stream()
                .filter(DoctorSuite::isOfOnePair)
                .filter(fault -> !fault.id().equals(PORT_BLOCKED_THE_OTHER_WAY))
                .toList());
    Collections.shuffle(faults);
    double seconds = 0;
    for (int i = 0; i < AT_ONCE; i++) {
      seconds += twoAtOnce(faults.get(2 * i), faults.get(2 * i + 1));
    }
    return seconds / AT_ONCE;
  }

  private double twoAtOnce(Fault one, Fault other) {
    List<String> nodes = new ArrayList<>(List.of("node1", "node2", "node3"));
    Collections.shuffle(nodes);
    List<Findings.Injected> injected =
        List.of(
            new Findings.Injected(one, new NodePair(nodes.get(0), nodes.get(1))),
            new Findings.Injected(other, new NodePair(nodes.get(1), nodes.get(2))));
    try {
      injected.forEach(this::inject);
      long began = System.nanoTime();
      DoctorReport report = report(List.of());
      double seconds = (System.nanoTime() - began) / 1e9;
      if (counted) {
        findings.addTogether(injected, report);
      }
      return seconds;
    } finally {
      lab.onLab("heal").run();
      awaitHealthy();
    }
  }

  /** What concerns other pairs too cannot be told from another fault there. */
  private static boolean isOfOnePair(Fault fault) {
    return isMadeHere(fault)
        && !fault.id().equals("policy-one-port")
        && fault.expected().stream().allMatch(way -> way.reach() == Expectation.Reach.PAIR);
  }

  private void inject(Findings.Injected fault) {
    NodePair direction = fault.direction();
    lab.onLab("break", fault.fault().id(), "--from", direction.from(), "--to", direction.to())
        .run();
  }

  /** Who finds one port dead knows which. */
  private static List<String> about(Fault fault, NodePair direction) {
    return fault.id().equals("policy-one-port")
        ? List.of("--from", pod(direction.from()), "--to", pod(direction.to()), "--tcp", "80")
        : List.of();
  }

  private static String pod(String node) {
    return switch (node) {
      case "node1" -> "client";
      case "node2" -> "server";
      default -> "third";
    };
  }

  private DoctorReport report(List<String> about) {
    Command.Ended ended =
        lab.command("doctor", "-o", "json").and(about.toArray(String[]::new)).end("");
    if (ended.code() > 2) {
      throw new IllegalStateException("the doctor could not examine: " + ended.output());
    }
    return Json.read(ended.output(), DoctorReport.class);
  }

  private void awaitHealthy() {
    for (int left = LONGEST_HEALING; left > 0; left--) {
      String paths = lab.command("path", "list", "-o", "json").run();
      if (paths.split("\"healthy\"", -1).length - 1 == NODES * (NODES - 1)) {
        return;
      }
      Attempts.pause(PAUSE);
    }
    throw new IllegalStateException("the lab did not become well again");
  }

  @Override
  public List<String> remarks() {
    return findings.lines();
  }

  @Override
  public void close() {
    lab.down();
  }
}

package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every fault that a lab can make: it hits, packets end where the fault's own table says, nothing
 * else suffers, and after it was healed all is as before.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryFaultTest {
  private static final String FROM = "node1";
  private static final String TO = "node2";

  private TestLab lab;
  private FaultTaps taps;

  @BeforeAll
  void up() {
    lab = TestLab.up(3, "--subnets", "2");
    for (String node : List.of(FROM, TO, "node3")) {
      lab.pod(pod(node), node);
    }
    lab.awaitAllHealthy(TestLab.LONGEST);
    taps = new FaultTaps(end(FROM), end(TO));
    taps.reset();
  }

  @AfterAll
  void down() {
    if (lab != null) {
      lab.close();
    }
  }

  private static String pod(String node) {
    return node.replace("node", "p");
  }

  private FaultTaps.End end(String node) {
    String address = lab.address(pod(node));
    String veth = lab.output(node, "ip -o route get " + address + " | sed 's/.* dev //; s/ .*//'");
    return new FaultTaps.End(node, lab.name() + "-" + node, address, veth);
  }

  static Stream<Arguments> faults() {
    JsonNode list = Installation.naru("lab", "faults", "-o", "json").run().json();
    return list.valueStream()
        .filter(fault -> fault.path("possible").asBoolean())
        // Those that leave all paths healthy are about services; see ServiceDoctorTest.
        .filter(fault -> !fault.path("expected").isEmpty())
        // It is about packets that leave without tunnel; see AutoTransportTest.
        .filter(fault -> !fault.path("id").asString().equals("direct-route-refused"))
        .map(fault -> Arguments.argumentSet(fault.path("id").asString(), fault));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultHitsWhereItSaysAndIsHealed(JsonNode fault) {
    String id = fault.path("id").asString();
    lab.breakPath(id, FROM, TO);
    try {
      taps.reset();
      send(id, FROM, TO);
      send(id, TO, FROM);
      Map<String, Long> seen = taps.read();
      assertThat(lab.hits(id)).as("hits").isPositive();
      for (boolean there : List.of(true, false)) {
        compare(fault, there, seen);
      }
      if (!fault.toString().contains("\"reach\":\"node\"")) {
        assertThat(pings(FROM, "node3") && pings(TO, "node3")).as("others").isTrue();
      }
    } finally {
      lab.heal();
    }
    taps.reset();
    assertThat(pings(FROM, TO)).as("healed").isTrue();
  }

  private void compare(JsonNode fault, boolean there, Map<String, Long> seen) {
    String from = there ? FROM : TO;
    String to = there ? TO : FROM;
    String way = from + ">" + to + " ";
    JsonNode expected =
        fault
            .path("expected")
            .valueStream()
            .filter(e -> e.path("way").asString().equals(there ? "there" : "back"))
            .findFirst()
            .orElse(null);
    if (expected == null || expected.path("lastSeen").isMissingNode()) {
      // The way back of a reverse path fault is healthy without the tunnel, which the NICs show.
      assertThat(seen.get(way + to + "/veth"))
          .as("nothing is lost from %s to %s: %s", from, to, seen)
          .isPositive()
          .isEqualTo(seen.get(way + from + "/veth"));
      return;
    }
    long last = seen.get(way + node(expected.path("lastSeen").asString()));
    long next = seen.get(way + node(expected.path("notSeen").asString()));
    assertThat(last).as("seen at %s: %s", expected.path("lastSeen"), seen).isPositive();
    assertThat(next).as("lost before %s: %s", expected.path("notSeen"), seen).isLessThan(last);
    if (expected.path("state").asString().equals("broken")) {
      assertThat(next).as("all is lost before %s: %s", expected.path("notSeen"), seen).isZero();
    }
  }

  private static String node(String tap) {
    return tap.replace("FROM", FROM).replace("TO", TO);
  }

  /** Packets of the kind that the fault is about, one way and back. */
  private void send(String fault, String from, String to) {
    String address = lab.address(pod(to));
    String script =
        switch (fault) {
          case "mtu-hole", "fragments-dropped", "mtu-fragmenting" ->
              "ping -q -n -c 3 -i 0.02 -W 0.3 -M do -s 1400 " + address;
          // The other way the pods are told, and would send no second one.
          case "mtu-pod-too-big" ->
              "ping -q -n -c 3 -i 0.02 -W 0.3 %s "
                      .formatted(from.equals(FROM) ? "-M do -s 1472" : "")
                  + address;
          case "underlay-loss", "underlay-policed" ->
              "ping -q -n -c 100 -i 0.002 -W 0.3 " + address;
          case "underlay-flow-loss" ->
              "for port in {40000..40031}; do echo | socat -u - UDP:"
                  + (address.contains(":") ? "[" + address + "]" : address)
                  + ":9999,sourceport=$port; done";
          case "underlay-shaped" -> "ping -q -n -c 150 -l 150 -W 0.5 -s 1400 " + address;
          case "policy-one-port" -> "timeout 0.3 socat -u /dev/null TCP:" + address + ":80";
          default -> "ping -q -n -c 3 -i 0.02 -W 0.3 " + address;
        };
    inPod(from, script);
  }

  private boolean pings(String from, String to) {
    return inPod(from, "ping -q -n -c 2 -i 0.05 -W 1 -M do -s 1400 " + lab.address(pod(to)))
        .succeeded();
  }

  private Command.Result inPod(String node, String script) {
    String namespace = lab.name() + "-pod-" + pod(node);
    return Command.of("ip", "netns", "exec", namespace, "bash", "-c", script).tryRun();
  }

  @Test
  void whatNoLabCanMakeIsRefusedWithTheReason() {
    Command.Result refused =
        Installation.naru("lab", "break", "pod-cidr-duplicate", "--name", lab.name()).tryRun();
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.err()).contains("A lab has one store");
  }
}

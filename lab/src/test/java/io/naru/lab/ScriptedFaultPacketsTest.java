package io.naru.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.NaruException;
import io.naru.lab.FaultRecords.Entries;
import io.naru.lab.FaultRecords.Entry;
import io.naru.lab.LabStatus.FaultStatus;
import io.naru.lab.fault.Direction;
import io.naru.lab.fault.Fault;
import io.naru.lab.fault.Faults;
import io.naru.lab.fault.FdbMissing;
import io.naru.lab.fault.FdbWrong;
import io.naru.lab.fault.ForwardDrop;
import io.naru.lab.fault.HostInputDrop;
import io.naru.lab.fault.Injection;
import io.naru.lab.fault.NeighMissing;
import io.naru.lab.fault.ScriptedFault;
import io.naru.lab.fault.UnderlayPortBlocked;
import io.naru.lab.fault.UnderlayShaped;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.LabSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults that commands make, on two nodes whose tunnel the test made by hand. */
class ScriptedFaultPacketsTest {
  private static final String POD = "10.244.2.2";
  private static final Direction THERE = new Direction(Optional.of("node1"), Optional.of("node2"));
  private static TestLab test;

  @BeforeAll
  static void up() {
    LabSpec spec =
        new LabSpec(TestLab.randomName(), 2, 2, false, "vxlan", "auto", FirewallPolicy.OPEN);
    test = new TestLab(Lab.up(spec, TestLab.programs(), step -> {}));
    try {
      for (LabNode node : test.lab().topology().nodes()) {
        wire(node);
      }
      assertThat(pings()).isTrue();
    } catch (AssertionError | NaruException failed) {
      test.close();
      throw failed;
    }
  }

  /** What an agent would make: the tunnel, and the way to a pod, which is a name space alone. */
  private static void wire(LabNode node) {
    int own = node.number();
    int peer = 3 - own;
    String pod = test.lab().name() + "-pod-p" + own;
    Namespaces.add(List.of(pod));
    String script =
        """
        link add naru-vxlan address 0a:00:00:00:00:0%1$d type vxlan id 1 local %3$s dev eth0 dstport 8472 nolearning
        link set naru-vxlan up
        address add 10.244.%1$d.1/32 dev naru-vxlan
        route add unreachable 10.244.0.0/16 proto 72
        route add unreachable 10.244.%1$d.0/24 proto 72
        neigh add 10.244.%2$d.0 lladdr 0a:00:00:00:00:0%2$d dev naru-vxlan nud permanent
        route add 10.244.%2$d.0/24 via 10.244.%2$d.0 dev naru-vxlan proto 72 src 10.244.%1$d.1 onlink
        link add naru0 type veth peer name eth0 netns %4$s
        link set naru0 up
        route add 10.244.%1$d.2 dev naru0 proto 72
        """
            .formatted(own, peer, node.addresses().getFirst().address(), pod);
    Namespaces.configure(node.namespace(), script);
    Namespaces.configure(
        pod,
        """
        link set lo up
        link set eth0 up
        address add 10.244.%1$d.2/32 dev eth0
        route add 10.244.%1$d.1 dev eth0
        route add default via 10.244.%1$d.1
        """
            .formatted(own));
    Namespaces.inside(
            node.namespace(),
            "bridge",
            "fdb",
            "add",
            "0a:00:00:00:00:0" + peer,
            "dev",
            "naru-vxlan",
            "dst",
            test.lab().topology().node("node" + peer).addresses().getFirst().address().toString())
        .run();
    Namespaces.inside(node.namespace(), "sysctl", "-q", "-w", "net.ipv4.ip_forward=1").run();
    // The lab's state knows the pod, and removes its name space with the lab.
    LabDirectory directory = LabDirectory.of(test.lab().name());
    LabDirectory.makeDirectory(directory.pods());
    LabDirectory.write(
        directory.pod("p" + own), new PodRecord("p" + own, node.name(), pod, "", List.of()));
  }

  @AfterAll
  static void down() throws Exception {
    test.close();
    assertThat(TestLab.leftovers(test.lab().name())).isEmpty();
  }

  @AfterEach
  void heal() {
    test.lab().heal(Optional.empty());
    assertThat(pings()).isTrue();
  }

  private static boolean pings() {
    return ping("-c", "2", "-i", "0.1", "-W", "1", POD);
  }

  private static boolean ping(String... words) {
    String pod = test.lab().name() + "-pod-p1";
    List<String> command = Stream.concat(Stream.of("ping", "-q", "-n"), Stream.of(words)).toList();
    return Namespaces.inside(pod, command.toArray(String[]::new)).tryRun("").exitCode() == 0;
  }

  private static void inject(Fault fault) {
    test.lab().breakPath(fault, THERE.from(), THERE.to());
  }

  private static long hits(Fault fault) {
    return test.lab().status().faults().stream()
        .filter(status -> status.fault().equals(fault.id()))
        .mapToLong(FaultStatus::hits)
        .sum();
  }

  private static boolean isPaused(String node) {
    return test.exec(node, "test", "-e", FakeNaru.PAUSED.toString()).exitCode() == 0;
  }

  @Test
  void driftPausesTheAgentHitsAndIsHealed() {
    var fault = new FdbMissing();
    inject(fault);
    assertThat(isPaused("node1")).isTrue();
    assertThat(isPaused("node2")).isFalse();
    assertThat(hits(fault)).isZero();
    assertThat(pings()).isFalse();
    assertThat(hits(fault)).isEqualTo(2);
    test.lab().heal(Optional.of(fault));
    assertThat(pings()).isTrue();
    assertThat(isPaused("node1")).isFalse();
  }

  @Test
  void whomTheUserPausedStaysPaused() {
    test.exec("node1", "touch", FakeNaru.PAUSED.toString());
    try {
      inject(new FdbMissing());
      test.lab().heal(Optional.empty());
      assertThat(isPaused("node1")).isTrue();
    } finally {
      test.exec("node1", "rm", FakeNaru.PAUSED.toString());
    }
  }

  @Test
  void twoStandAtOnceAndHealOnTheirOwn() {
    var missing = new FdbMissing();
    var neighbour = new NeighMissing();
    var blocked = new UnderlayPortBlocked();
    inject(missing);
    inject(neighbour);
    inject(blocked);
    assertThat(test.lab().status().faults()).hasSize(3);
    test.lab().heal(Optional.of(missing));
    assertThat(isPaused("node1")).as("the other fault needs it").isTrue();
    assertThat(pings()).isFalse();
    assertThat(hits(neighbour)).isPositive();
    test.lab().heal(Optional.of(neighbour));
    assertThat(isPaused("node1")).isFalse();
    assertThat(pings()).isFalse();
    assertThat(hits(blocked)).isPositive();
    test.lab().heal(Optional.of(blocked));
    assertThat(pings()).isTrue();
  }

  @Test
  void twoThatAlterTheSameAreRefused() {
    inject(new FdbWrong());
    assertThatThrownBy(() -> inject(new FdbMissing()))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("'fdb-wrong' (node1 to node2) has altered already");
    assertThatThrownBy(() -> inject(new FdbWrong())).hasMessageContaining("stands already");
  }

  @Test
  void aFirewallsRulesHitOneWay() {
    for (ScriptedFault fault : List.of(new HostInputDrop(), new ForwardDrop())) {
      inject(fault);
      assertThat(pings()).isFalse();
      assertThat(hits(fault)).isEqualTo(2);
      assertThat(test.pings("node1", "172.26.51.12")).isTrue();
      test.lab().heal(Optional.of(fault));
      assertThat(pings()).isTrue();
    }
  }

  @Test
  void aShaperLosesWhatComesTooFast() {
    var fault = new UnderlayShaped();
    inject(fault);
    assertThat(pings()).isTrue();
    assertThat(hits(fault)).isZero();
    ping("-l", "200", "-c", "200", "-s", "1300", "-W", "1", POD);
    assertThat(hits(fault)).isPositive();
  }

  @Test
  void aFaultThatCannotBeMadeLeavesNothing() {
    List<String> before = kernels();
    test.exec("node1", "ip", "link", "set", "naru-vxlan", "down");
    try {
      assertThatThrownBy(() -> inject(new NeighMissing())).isInstanceOf(NaruException.class);
      assertThat(test.lab().status().faults()).isEmpty();
      assertThat(isPaused("node1")).isFalse();
    } finally {
      Namespaces.configure(
          test.lab().topology().node("node1").namespace(),
          """
          link set naru-vxlan up
          neigh replace 10.244.2.0 lladdr 0a:00:00:00:00:02 dev naru-vxlan nud permanent
          route replace 10.244.2.0/24 via 10.244.2.0 dev naru-vxlan proto 72 src 10.244.1.1 onlink
          """);
    }
    assertThat(kernels()).isEqualTo(before);
  }

  static Stream<ScriptedFault> scripted() {
    return Faults.all().stream()
        .filter(ScriptedFault.class::isInstance)
        .map(ScriptedFault.class::cast)
        .filter(fault -> !fault.needsService());
  }

  /** As if the program had died between two steps. */
  @ParameterizedTest
  @MethodSource("scripted")
  void whereverAnInjectionIsCutOffItIsHealed(ScriptedFault fault) {
    LabDirectory directory = LabDirectory.of(test.lab().name());
    var topology = test.lab().topology();
    List<String> before = kernels();
    Injection injection = fault.injection(THERE, new Sights(directory, topology).of(THERE));
    for (int done = 0; done <= injection.steps().size(); done++) {
      new FaultRecords(directory)
          .write(new Entries(List.of(Entry.of(fault, THERE, injection)), List.of()));
      new Steps(topology).run(injection.steps().subList(0, done));
      if (done == injection.steps().size()) {
        assertThat(kernels()).isNotEqualTo(before);
      }
      test.lab().heal(Optional.of(fault));
      assertThat(kernels()).as("%s after %d steps", fault.id(), done).isEqualTo(before);
    }
  }

  /** All that faults alter, but counters. */
  private static List<String> kernels() {
    String script =
        """
        ip route; ip neigh show nud permanent; bridge fdb show dev naru-vxlan 2>&1 | sort
        ip -br link | sed 's/ .*//'; ip -o link | sed 's/.* \\(mtu [0-9]*\\) qdisc \\([a-z]*\\) .*/\\1 \\2/'
        sysctl -a -r 'ip_forward$|conf.(all|naru-vxlan|eth0).(rp_filter|forwarding)' 2>&1
        nft list tables; test ! -e /sys/class/net/eth0 || ethtool -k eth0 2>&1 | grep tx-check || true
        """;
    return Stream.of("node1", "node2", "fabric", "pod-p1", "pod-p2")
        .map(
            place -> Namespaces.inside(test.lab().name() + "-" + place, "bash", "-c", script).run())
        .toList();
  }
}

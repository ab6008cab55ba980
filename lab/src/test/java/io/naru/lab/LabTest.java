package io.naru.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.LabStatus.PodStatus;
import io.naru.lab.topology.FirewallPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A lab of three nodes in two subnets, IPv4 and IPv6, with real packets. */
class LabTest {
  private static TestLab test;

  @BeforeAll
  static void up() {
    test = TestLab.up(3, 2, FirewallPolicy.OPEN);
  }

  @AfterAll
  static void down() throws Exception {
    test.close();
    assertThat(TestLab.leftovers(test.lab().name())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "node1, 172.26.50.13",
    "node1, fd26:50::13",
    "node1, 172.26.51.12",
    "node1, fd26:51::12",
    "node2, 172.26.50.1",
    "node2, fd26:50::1",
    "node3, 198.51.100.10",
    "node3, 2001:db8:100::10",
    "world, 172.26.51.12",
    "world, fd26:51::12",
    "fabric, 172.26.50.11",
  })
  void everyHostReachesEveryOther(String from, String to) {
    assertThat(test.pings(from, to)).isTrue();
  }

  @Test
  void theWorldKnowsNoWayToPods() {
    assertThat(test.exec("world", "ip", "route", "get", "10.244.1.2").exitCode()).isNotZero();
  }

  @Test
  void aNodeIsAMachineOfItsOwn() {
    assertThat(test.exec("node2", "hostname").output()).isEqualTo("node2\n");
    assertThat(test.exec("node2", "cat", "/proc/1/cmdline").output()).contains("node.sh");
    assertThat(test.exec("node2", "ls", "/sys/class/net").output()).contains("eth0");
    assertThat(test.exec("node2", "stat", "-f", "-c", "%T", "/sys/fs/bpf").output())
        .isEqualTo("bpf_fs\n");
    assertThat(test.exec("node2", "ls", "/run/naru").output()).isEqualTo("agent.sock\n");
    assertThat(test.exec("node2", "ls", "/opt/cni/bin").output()).isEqualTo("naru-cni\n");
    assertThat(test.exec("node1", "touch", "/etc/naru/of-node1").exitCode()).isZero();
    assertThat(test.exec("node2", "ls", "/etc/naru").output()).isEmpty();
    assertThat(Path.of("/etc/naru/of-node1")).doesNotExist();
  }

  @Test
  void aNodeReapsOrphans() {
    test.exec("node1", "bash", "-c", "(sleep 0.01 & exec true) & wait");
    Awaitility.await()
        .until(() -> !test.exec("node1", "ps", "-e", "-o", "stat").output().contains("Z"));
  }

  @Test
  void theAgentGetsATokenForTheServersAddress() {
    Path log = LabDirectory.of(test.lab().name()).node("node3").resolve("agent.log");
    assertThat(log).content().contains("joining with token-for-172.26.50.1:8472");
  }

  @Test
  void theServerIsConfiguredForBothFamilies() {
    Path log = LabDirectory.of(test.lab().name()).server().resolve("server.log");
    assertThat(log).content().contains("10.244.0.0/16", "fd44::/48", "\"transport\":\"auto\"");
  }

  @Test
  void aPodIsWiredByThePluginAndHasAControlGroup() {
    PodStatus a = test.lab().runPod("a", "node1");
    PodStatus b = test.lab().runPod("b", "node1");
    assertThat(a.addresses()).hasSize(2);
    assertThat(a.namespace()).isEqualTo(test.namespace("pod-a"));
    assertThat(test.exec("a", "cat", "/proc/self/cgroup").output())
        .contains("/naru-lab/" + test.lab().name() + "/pod-a\n");
    test.exec("node1", "sysctl", "-qw", "net.ipv4.ip_forward=1");
    assertThat(test.pings("a", b.addresses().getFirst().toString())).isTrue();
    assertThat(test.exec("a", "ping", "-c", "1", "127.0.0.1").exitCode()).isZero();
    assertThat(test.lab().status().pods()).contains(a, b);

    test.lab().removePod("a");
    assertThat(test.exec("node1", "cat", "/var/lib/naru/deleted").output())
        .contains("K8S_POD_NAME=a");
    assertThat(test.lab().status().pods()).doesNotContain(a).contains(b);
    assertThat(Path.of(a.cgroup())).doesNotExist();
    assertThat(Namespaces.exists(a.namespace())).isFalse();
  }

  private static void networkHandsOut(String node, String dns) {
    test.exec(node, "bash", "-c", "echo '" + dns + "' >/etc/naru/dns");
  }

  @Test
  void aPodThatWantsItAsksTheNameServersOfTheNetwork() {
    networkHandsOut(
        "node1",
        """
        {"nameservers":["169.254.20.10","fd00::53"],"search":["svc.x","x"],"options":["ndots:5"]}
        """);
    String before = test.exec("fabric", "cat", "/etc/resolv.conf").output();
    test.lab().runPod("asks", "node1", new PodNames.OfNetwork());
    test.lab().runPod("plain", "node1");
    assertThat(test.exec("asks", "cat", "/etc/resolv.conf").output())
        .isEqualTo(
            "nameserver 169.254.20.10\nnameserver fd00::53\nsearch svc.x x\noptions ndots:5\n");
    assertThat(test.exec("asks", "sh", "-c", "exit 7").exitCode()).isEqualTo(7);
    assertThat(test.exec("asks", "cat", "/proc/self/cgroup").output()).contains("/pod-asks\n");
    assertThat(test.exec("plain", "cat", "/etc/resolv.conf").output()).isEqualTo(before);
    assertThat(test.exec("fabric", "cat", "/etc/resolv.conf").output()).isEqualTo(before);
    Path file = LabDirectory.of(test.lab().name()).podResolver("asks");
    assertThat(file).exists();
    test.lab().removePod("asks");
    test.lab().removePod("plain");
    assertThat(file).doesNotExist();
  }

  @Test
  void aPodMayAskForNameServersOfItsOwn() {
    networkHandsOut("node3", "{\"nameservers\":[\"10.96.0.10\"]}");
    test.lab()
        .runPod(
            "own",
            "node3",
            new PodNames.Asked(List.of(IpAddress.parse("10.96.0.10")), List.of("attempts:1")));
    assertThat(test.exec("node3", "cat", "/var/lib/naru/configurations").output())
        .contains(
            "\"runtimeConfig\":{\"dns\":{\"servers\":[\"10.96.0.10\"],\"options\":[\"attempts:1\"]}}");
    assertThat(test.exec("own", "cat", "/etc/resolv.conf").output())
        .isEqualTo("nameserver 10.96.0.10\n");
    test.lab().removePod("own");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | no name servers, for it was set up with dns: false",
        "{\"nameservers\":[\"a\\nb\"]} | has a word that is none"
      })
  void aPodWithoutTheNameServersItWantsLeavesNothing(String dns, String sentence) {
    networkHandsOut("node2", dns);
    assertThatThrownBy(() -> test.lab().runPod("nameless", "node2", new PodNames.OfNetwork()))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining(sentence);
    assertThat(test.exec("node2", "cat", "/var/lib/naru/deleted").output())
        .contains("K8S_POD_NAMESPACE=default;K8S_POD_NAME=nameless");
    assertThat(Namespaces.exists(test.namespace("pod-nameless"))).isFalse();
    assertThat(test.lab().status().pods()).noneMatch(pod -> pod.name().equals("nameless"));
  }

  @Test
  void aRefusedPodLeavesNothing() {
    test.exec("node3", "touch", "/etc/naru/refuse-pods");
    assertThatThrownBy(() -> test.lab().runPod("refused", "node3"))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("try again later: told to refuse");
    assertThat(test.exec("node3", "rm", "/etc/naru/refuse-pods").exitCode()).isZero();
    assertThat(Namespaces.exists(test.namespace("pod-refused"))).isFalse();
    test.lab().runPod("refused", "node3");
    assertThatThrownBy(() -> test.lab().runPod("refused", "node2"))
        .extracting("code")
        .isEqualTo(ErrorCode.CONFLICT);
    test.lab().removePod("refused");
  }

  @Test
  void whatDoesNotExistIsNamed() {
    assertThatThrownBy(() -> test.lab().runPod("x", "node9"))
        .hasMessageContaining("node1 to node3");
    assertThatThrownBy(() -> test.lab().runPod("node1", "node1")).hasMessageContaining("pod");
    assertThatThrownBy(() -> test.lab().removePod("none")).hasMessageContaining("no pod 'none'");
    assertThatThrownBy(() -> test.lab().execCommand("none", List.of("true")))
        .hasMessageContaining("no node and no pod 'none'");
  }

  @Test
  void statusTellsWhatRuns() {
    LabStatus status = test.lab().status();
    assertThat(status.nodes()).hasSize(3).allMatch(node -> node.running() && node.agent());
    assertThat(status.nodes().get(1).addresses()).hasToString("[172.26.51.12, fd26:51::12]");
    assertThat(status.nodes().get(1).subnet()).isEqualTo("sub1");
    assertThat(status.server().running()).isTrue();
    assertThat(status.world().standing()).isTrue();
    assertThat(status.faults()).isEmpty();
  }

  @Test
  void aFlapIsRestored() {
    test.lab().flapUnderlay("node3");
    assertThat(test.pings("node3", "172.26.50.11")).isTrue();
    assertThat(test.pings("node3", "2001:db8:100::10")).isTrue();
  }

  @Test
  void aSecondLabOfTheNameIsRefused() {
    assertThatThrownBy(() -> Lab.up(test.lab().spec(), TestLab.programs(), step -> {}))
        .hasMessageContaining("naru lab down");
    assertThat(test.lab().status().nodes()).allMatch(node -> node.agent());
  }

  @Test
  void itIsFoundByName() {
    assertThat(Lab.find(test.lab().name())).isPresent();
    assertThat(Lab.list()).extracting(Lab::name).contains(test.lab().name());
    assertThat(Lab.find("no-such-lab")).isEmpty();
  }

  @Test
  void onlyRootReadsTheState() throws Exception {
    assertThat(Files.getPosixFilePermissions(LabDirectory.of(test.lab().name()).path()))
        .hasToString("[OWNER_READ, OWNER_WRITE, OWNER_EXECUTE]");
  }
}

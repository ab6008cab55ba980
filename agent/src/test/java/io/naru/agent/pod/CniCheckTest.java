package io.naru.agent.pod;

import static io.naru.agent.pod.CniNode.after;
import static io.naru.agent.pod.CniNode.configuration;
import static io.naru.agent.pod.CniPlugin.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import io.naru.agent.pod.CniPlugin.Outcome;
import io.naru.core.address.Prefix;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The CNI specification, point by point: CHECK, GC and STATUS. See docs/cni.md. */
class CniCheckTest {
  @TempDir Path directory;
  private CniNode node;

  @BeforeAll
  static void compile() throws Exception {
    CniNode.compile();
  }

  @BeforeEach
  void start() {
    node = new CniNode(directory);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pod|ip addr del 10.244.1.2/32 dev eth0|10.244.1.2",
        "pod|ip -6 route del default|default route via fd00:244:1::1",
        "pod|ip link set eth0 mtu 1300|MTU 1300",
        "pod|ip link set eth0 down|is down",
        "pod|ip link set eth0 address 02:00:00:00:00:98|02:00:00:00:00:98",
        "pod|ip link del eth0|eth0 is missing",
        "node|ip route del 10.244.1.2|route to 10.244.1.2/32",
        "node|ip link set HOST down|is down",
        "node|rm -f LEASES/*|",
      })
  void checkFindsWhatIsGone(String where, String command, String sentence) {
    TestNamespace pod = node.pod();
    Outcome added = node.naru(pod).run("ADD", configuration(""));
    assertThat(node.naru(pod).run("CHECK", after("1.1.0", added))).isEqualTo(new Outcome(0, ""));
    String host = added.json().at("/interfaces/0/name").asString();
    (where.equals("node") ? node.namespace() : pod)
        .run(command.replace("HOST", host).replace("LEASES", node.node.directory().toString()));
    if (sentence == null) {
      node.stopAgent();
      node.startAgent();
    }
    assertError(
        node.naru(pod).run("CHECK", after("1.1.0", added)),
        102,
        sentence == null ? "no lease" : sentence);
  }

  @Test
  void checkNeedsTheResultAndComparesIt() {
    TestNamespace pod = node.pod();
    Outcome added = node.naru(pod).run("ADD", configuration(""));
    assertError(node.naru(pod).run("CHECK", configuration("")), 7, "prevResult");
    assertError(
        node.naru(pod).run("CHECK", configuration(",\"prevResult\":{\"ips\":[{}]}")), 7, "address");
    Outcome other = new Outcome(0, added.output().replace("10.244.1.2/32", "10.244.1.77/32"));
    assertError(node.naru(pod).run("CHECK", after("1.1.0", other)), 102, "10.244.1.2");
    Outcome renamed = new Outcome(0, added.output().replace("\"eth0\"", "\"eth7\""));
    assertError(node.naru(pod).run("CHECK", after("1.1.0", renamed)), 102, "eth0");
    CniPlugin unknown = node.naru(pod).with("CNI_CONTAINERID", "unknown");
    assertError(unknown.run("CHECK", after("1.1.0", added)), 102, "no lease");
    CniPlugin elsewhere = node.naru(pod).with("CNI_NETNS", "/run/netns/naru-test-no-such");
    assertError(elsewhere.run("CHECK", after("1.1.0", added)), 3, "does not exist");
  }

  @Test
  void checkAllowsWhatALaterPluginChanged() {
    TestNamespace pod = node.pod();
    Outcome added = node.naru(pod).run("ADD", configuration(""));
    pod.run("ip link set eth0 mtu 1400 && ip -6 route del default");
    String changed =
        added
            .output()
            .replace(",{\"dst\":\"::/0\",\"gw\":\"fd00:244:1::1\"}", "")
            .replace("\"mtu\":1450,\"sandbox\"", "\"mtu\":1400,\"sandbox\"");
    assertThat(changed).doesNotContain("::/0").contains("1400");
    assertThat(node.naru(pod).run("CHECK", after("1.1.0", new Outcome(0, changed))))
        .isEqualTo(new Outcome(0, ""));
  }

  private static String valid(String list) {
    return configuration(",\"cni.dev/valid-attachments\":" + list);
  }

  private static String item(TestNamespace pod) {
    return "{\"containerID\":\"" + pod.name() + "\",\"ifname\":\"eth0\"}";
  }

  @Test
  void collectingRemovesWhatTheRuntimeForgot() throws Exception {
    TestNamespace kept = node.pod();
    TestNamespace stale = node.pod();
    TestNamespace elsewhere = node.pod();
    Outcome first = node.naru(kept).run("ADD", configuration(""));
    node.naru(stale).run("ADD", configuration(""));
    String other = configuration("").replace("\"name\":\"naru\"", "\"name\":\"other\"");
    node.naru(elsewhere).run("ADD", other);

    assertThat(node.naru().run("GC", valid("[" + item(kept) + "]"))).isEqualTo(new Outcome(0, ""));

    assertThat(stale.attempt("ip link show eth0").exitCode()).isNotZero();
    assertThat(elsewhere.run("ip -o link show eth0")).contains("UP");
    assertThat(node.naru(kept).run("CHECK", after("1.1.0", first))).isEqualTo(new Outcome(0, ""));

    String earlier = configuration(",\"cni.dev/attachments\":[" + item(kept) + "]");
    assertThat(node.naru().run("GC", earlier)).isEqualTo(new Outcome(0, ""));
    assertThat(kept.run("ip -o link show eth0")).contains("UP");
    assertThat(node.naru().run("GC", valid("[]"))).isEqualTo(new Outcome(0, ""));
    assertThat(kept.attempt("ip link show eth0").exitCode()).isNotZero();
    assertThat(node.naru(elsewhere).run("DEL", other)).isEqualTo(new Outcome(0, ""));
    assertThat(node.leftOvers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|valid-attachments",
        ",\"cni.dev/valid-attachments\":{}|list",
        ",\"cni.dev/valid-attachments\":null|list",
        ",\"cni.dev/valid-attachments\":[{}]|item",
        ",\"cni.dev/valid-attachments\":[{\"containerID\":\"c\"}]|item",
        ",\"cni.dev/valid-attachments\":[7]|item",
      })
  void collectingWithoutAReadableListRemovesNothing(String more, String word) {
    TestNamespace pod = node.pod();
    node.naru(pod).run("ADD", configuration(""));
    assertError(node.naru().run("GC", configuration(more == null ? "" : more)), 7, word);
    assertThat(pod.run("ip -o link show eth0")).contains("UP");
  }

  @Test
  void collectingGoesOnWhereOneCannotBeRemoved() throws Exception {
    TestNamespace stuck = node.pod();
    TestNamespace stale = node.pod();
    String host =
        node.naru(stuck).run("ADD", configuration("")).json().at("/interfaces/0/name").asString();
    node.naru(stale).run("ADD", configuration(""));
    node.namespace().run("ip link set " + host + " alias mine");
    assertError(node.naru().run("GC", valid("[]")), 101, "1 attachments", host);
    assertThat(stale.attempt("ip link show eth0").exitCode()).isNotZero();
    node.namespace().run("ip link set " + host + " alias 'naru pod " + stuck.name() + "/eth0'");
    assertThat(node.naru().run("GC", valid("[]"))).isEqualTo(new Outcome(0, ""));
    assertThat(node.leftOvers()).isEmpty();
  }

  @Test
  void statusSaysWhetherPodsCanCome() {
    assertThat(node.naru().run("STATUS", configuration(""))).isEqualTo(new Outcome(0, ""));
    PodNetworkSettings before = node.node.settings;
    node.node.settings = new PodNetworkSettings(List.of(), 1450);
    assertError(node.naru().run("STATUS", configuration("")), 50, "pod CIDR");
    node.node.settings = before;
    TestNamespace pod = node.pod();
    node.naru(pod).run("ADD", configuration(""));
    node.node.settings = new PodNetworkSettings(List.of(), 1450);
    assertError(node.naru().run("STATUS", configuration("")), 51, "pod CIDR");
    // STATUS is only information: other commands work as far as they can.
    assertError(node.naru(node.pod()).run("ADD", configuration("")), 11, "pod CIDR");
    assertThat(node.naru(pod).run("DEL", configuration(""))).isEqualTo(new Outcome(0, ""));
  }

  @Test
  void statusSaysThatNoAddressIsLeft() {
    node.node.settings = PodNetworkSettings.of(List.of(Prefix.parse("10.244.9.0/30")), 1450);
    assertThat(node.naru().run("STATUS", configuration(""))).isEqualTo(new Outcome(0, ""));
    assertThat(node.naru(node.pod()).run("ADD", configuration("")).exitCode()).isZero();
    assertError(node.naru().run("STATUS", configuration("")), 50, "10.244.9.0/30");
    assertError(node.naru(node.pod()).run("ADD", configuration("")), 100, "10.244.9.0/30");
  }
}

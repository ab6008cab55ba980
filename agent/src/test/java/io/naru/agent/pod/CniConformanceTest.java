package io.naru.agent.pod;

import static io.naru.agent.pod.CniNode.after;
import static io.naru.agent.pod.CniNode.configuration;
import static io.naru.agent.pod.CniPlugin.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import io.naru.agent.pod.CniPlugin.Outcome;
import io.naru.core.pod.PodAttachment;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The CNI specification, point by point: parameters, versions, ADD and DEL. See docs/cni.md. */
class CniConformanceTest {
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
  @ValueSource(strings = {"0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"})
  void theWholeLifeOfAPodInEveryVersion(String version) throws Exception {
    TestNamespace pod = node.pod();
    Outcome added = node.naru(pod).run("ADD", configuration(version, ""));

    assertThat(added.exitCode()).as(added.output()).isZero();
    assertResult(added.json(), version, pod);
    node.namespace().run("ping -n -c 1 -W 5 10.244.1.2");
    node.namespace().run("ping -n -c 1 -W 5 fd00:244:1::2");

    Outcome checked = node.naru(pod).run("CHECK", after(version, added));
    if (version.startsWith("0.3")) {
      assertError(checked, 1, "CHECK", "0.4.0");
    } else {
      assertThat(checked).isEqualTo(new Outcome(0, ""));
    }
    String list = ",\"cni.dev/valid-attachments\":[]";
    for (String command : List.of("GC", "STATUS")) {
      Outcome outcome = node.naru().run(command, configuration(version, list));
      if (version.equals("1.1.0")) {
        assertThat(outcome).isEqualTo(new Outcome(0, ""));
      } else {
        assertError(outcome, 1, command, "1.1.0");
      }
    }
    for (int i = 0; i < 2; i++) {
      assertThat(node.naru(pod).run("DEL", after(version, added))).isEqualTo(new Outcome(0, ""));
    }
    assertThat(node.leftOvers()).isEmpty();
    assertThat(pod.attempt("ip link show eth0").exitCode()).isNotZero();
  }

  private static void assertResult(JsonNode result, String version, TestNamespace pod) {
    boolean old = version.startsWith("0.");
    assertThat(result.get("cniVersion").asString()).isEqualTo(version);
    JsonNode host = result.at("/interfaces/0");
    JsonNode inside = result.at("/interfaces/1");
    assertThat(host.path("sandbox").stringValue("")).isEmpty();
    assertThat(inside.get("name").asString()).isEqualTo("eth0");
    assertThat(inside.get("sandbox").asString()).isEqualTo(pod.path());
    assertThat(pod.run("ip -o link show eth0")).contains(inside.get("mac").asString());
    assertThat(inside.path("mtu").asInt(0)).isEqualTo(version.equals("1.1.0") ? 1450 : 0);
    for (int i = 0; i < 2; i++) {
      JsonNode ip = result.get("ips").get(i);
      assertThat(ip.path("version").stringValue("none"))
          .isEqualTo(old ? List.of("4", "6").get(i) : "none");
      assertThat(ip.get("interface").asInt()).isEqualTo(1);
    }
    assertThat(result.at("/ips/0/address").asString()).isEqualTo("10.244.1.2/32");
    assertThat(result.at("/ips/0/gateway").asString()).isEqualTo("10.244.1.1");
    assertThat(result.at("/ips/1/address").asString()).isEqualTo("fd00:244:1::2/128");
    assertThat(result.at("/ips/1/gateway").asString()).isEqualTo("fd00:244:1::1");
    assertThat(result.get("routes").toString())
        .isEqualTo(
            "[{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.244.1.1\"},"
                + "{\"dst\":\"::/0\",\"gw\":\"fd00:244:1::1\"}]");
    assertThat(result.get("dns").isObject()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "ADD,0.1.0",
    "ADD,0.2.0",
    "DEL,0.2.0",
    "CHECK,0.2.0",
    "ADD,2.0.0",
    "STATUS,2.0.0",
    "GC,1.2.0",
    "ADD,1.0",
    "ADD,v1.0.0"
  })
  void otherVersionsAreRefusedWithAList(String command, String version) throws Exception {
    Outcome outcome = node.naru(node.pod()).run(command, configuration(version, ""));
    assertError(outcome, 1, version, "0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0");
    assertThat(outcome.json().get("cniVersion").asString()).isEqualTo(version);
    assertThat(node.leftOvers()).isEmpty();
  }

  @Test
  void noVersionIsAVersionThatIsNotSpoken() {
    assertError(node.naru(node.pod()).run("ADD", "{\"name\":\"naru\"}"), 1, "cniVersion");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.0", "0.4.0", "1.0.0", "1.1.0", "2.0.0"})
  void versionEchoesAndLists(String version) {
    Outcome outcome = node.naru().run("VERSION", "{\"cniVersion\":\"" + version + "\"}");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.json().get("cniVersion").asString()).isEqualTo(version);
    assertThat(outcome.json().get("supportedVersions").toString())
        .isEqualTo("[\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]");
  }

  @ParameterizedTest
  @CsvSource({
    "ADD,CNI_CONTAINERID", "ADD,CNI_NETNS", "ADD,CNI_IFNAME", "DEL,CNI_CONTAINERID",
    "DEL,CNI_IFNAME", "CHECK,CNI_CONTAINERID", "CHECK,CNI_NETNS", "CHECK,CNI_IFNAME"
  })
  void aMissingVariableIsNamed(String command, String variable) throws Exception {
    CniPlugin plugin = node.naru(node.pod()).without(variable);
    Outcome outcome = plugin.run(command, configuration("0.4.0", ""));
    assertError(outcome, 4, variable);
    assertThat(outcome.json().get("cniVersion").asString()).isEqualTo("0.4.0");
    assertThat(node.leftOvers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CNI_CONTAINERID,-x",
    "CNI_CONTAINERID,a/b",
    "CNI_CONTAINERID,../../etc",
    "CNI_IFNAME,..",
    "CNI_IFNAME,a:b",
    "CNI_IFNAME,sixteen-letters-",
    "CNI_IFNAME,에",
    "CNI_ARGS,nonsense",
    "CNI_NETNS,/etc/passwd",
    "CNI_NETNS,/proc/self/ns/mnt",
    "CNI_NETNS,/proc",
  })
  void anInvalidVariableIsNamed(String variable, String value) throws Exception {
    CniPlugin plugin = node.naru(node.pod()).with(variable, value);
    assertError(plugin.run("ADD", configuration("")), 4, variable);
    assertThat(node.leftOvers()).isEmpty();
  }

  @Test
  void theLongestNamesWork() throws Exception {
    TestNamespace pod = node.pod();
    CniPlugin plugin =
        node.naru().of(pod, "fifteen-letters").with("CNI_CONTAINERID", "f".repeat(200));
    assertThat(plugin.run("ADD", configuration("")).exitCode()).isZero();
    assertThat(pod.run("ip -o link show fifteen-letters")).contains("UP");
    assertThat(plugin.run("DEL", configuration(""))).isEqualTo(new Outcome(0, ""));
    assertThat(node.leftOvers()).isEmpty();
    assertError(
        plugin.with("CNI_CONTAINERID", "f".repeat(201)).run("ADD", configuration("")),
        4,
        "CNI_CONTAINERID");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"cniVersion\":\"1.1.0\"", "{\"a\":\"\\ud800x"})
  void whatCannotBeDecodedHasCode6(String input) throws Exception {
    assertError(node.naru(node.pod()).run("ADD", input), 6);
    assertThat(node.leftOvers()).isEmpty();
  }

  @Test
  void inputHasBounds() {
    TestNamespace pod = node.pod();
    byte[] large = configuration(",\"x\":\"" + "y".repeat(1 << 20) + "\"").getBytes();
    assertError(node.naru(pod).run("ADD", large), 6);
    String deep = ",\"x\":" + "[".repeat(70) + "]".repeat(70);
    assertError(node.naru(pod).run("ADD", configuration(deep)), 6);
    byte[] bad = configuration(",\"x\":\"?\"").getBytes();
    bad[bad.length - 3] = (byte) 0xff;
    assertError(node.naru(pod).run("ADD", bad), 6, "UTF-8");
    String fits = ",\"x\":\"" + "y".repeat(1_000_000) + "\"";
    assertThat(node.naru(pod).run("ADD", configuration(fits)).exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-x", "a b", "a/b"})
  void aNetworkNeedsAName(String name) {
    String text = "{\"cniVersion\":\"1.1.0\",\"name\":\"" + name + "\",\"type\":\"naru-cni\"}";
    assertError(node.naru(node.pod()).run("ADD", text), 7, "name");
  }

  @Test
  void aNamespaceThatIsGoneIsAnUnknownContainer() throws Exception {
    CniPlugin plugin = node.naru(node.pod()).with("CNI_NETNS", "/run/netns/naru-test-no-such");
    assertError(plugin.run("ADD", configuration("")), 3, "does not exist");
    assertThat(node.leftOvers()).isEmpty();
    CniPlugin own = node.naru(node.pod()).with("CNI_NETNS", node.namespace().path());
    assertError(own.run("ADD", configuration("")), 4, "CNI_NETNS", "the node's own");
  }

  @Test
  void aSecondAddIsRefusedAndDisturbsNothing() throws Exception {
    TestNamespace pod = node.pod();
    Outcome added = node.naru(pod).run("ADD", configuration(""));
    PodAttachment before = node.node.network.pods().getFirst();
    assertError(node.naru(pod).run("ADD", configuration("")), 101, pod.name(), "DEL");
    assertThat(node.node.network.pods()).containsExactly(before);
    assertThat(node.naru(pod).run("CHECK", after("1.1.0", added))).isEqualTo(new Outcome(0, ""));
    node.namespace().run("ping -n -c 1 -W 5 10.244.1.2");
  }

  @Test
  void anInterfaceThatIsThereIsRefusedAndStays() throws Exception {
    TestNamespace pod = node.pod();
    pod.run("ip link add eth0 type bridge");
    assertError(node.naru(pod).run("ADD", configuration("")), 101, "eth0");
    assertThat(pod.run("ip -d -o link show eth0")).contains("bridge");
    assertThat(node.leftOvers()).isEmpty();
  }

  @Test
  void anAddThatFailsHalfWayLeavesNothing() throws Exception {
    TestNamespace pod = node.pod();
    pod.run(
        "ip link add other type bridge && ip link set other up && ip route add default dev other"
            + " && ip route add default dev other table 8480");
    assertError(node.naru(pod).run("ADD", configuration("")), 103);
    assertThat(node.leftOvers()).isEmpty();
    assertThat(pod.attempt("ip link show eth0").exitCode()).isNotZero();
    pod.run("ip route flush table 8480");
    assertThat(node.naru(pod).run("ADD", configuration("")).exitCode()).isZero();
  }

  @Test
  void delSucceedsWhateverIsMissing() throws Exception {
    TestNamespace never = node.pod();
    assertThat(node.naru(never).run("DEL", configuration(""))).isEqualTo(new Outcome(0, ""));

    TestNamespace gone = node.pod();
    node.naru(gone).run("ADD", configuration(""));
    gone.close();
    assertThat(node.naru(gone).run("DEL", configuration(""))).isEqualTo(new Outcome(0, ""));

    TestNamespace unnamed = node.pod();
    node.naru(unnamed).run("ADD", configuration(""));
    CniPlugin withoutPath = node.naru(unnamed).without("CNI_NETNS");
    assertThat(withoutPath.run("DEL", configuration(""))).isEqualTo(new Outcome(0, ""));
    assertThat(unnamed.attempt("ip link show eth0").exitCode()).isNotZero();

    TestNamespace stripped = node.pod();
    node.naru(stripped).run("ADD", configuration(""));
    stripped.run("ip link del eth0");
    assertThat(node.naru(stripped).run("DEL", configuration(""))).isEqualTo(new Outcome(0, ""));
    assertThat(node.leftOvers()).isEmpty();
  }

  @Test
  void delReadsOnlyWhatItNeeds() throws Exception {
    TestNamespace pod = node.pod();
    node.naru(pod).run("ADD", configuration(""));
    String odd =
        ",\"dns\":7,\"prevResult\":{\"ips\":[{\"address\":\"x\"}]},\"runtimeConfig\":{\"ips\":1}";
    assertThat(node.naru(pod).with("CNI_ARGS", "nonsense").run("DEL", configuration(odd)))
        .isEqualTo(new Outcome(0, ""));
    assertThat(node.leftOvers()).isEmpty();
  }

  @Test
  void withoutAnAgentTheRuntimeIsToTryAgain() throws Exception {
    TestNamespace pod = node.pod();
    Outcome added = node.naru(pod).run("ADD", configuration("1.0.0", ""));
    node.stopAgent();
    Outcome outcome = node.naru(pod).run("DEL", after("1.0.0", added));
    assertError(outcome, 11, "agent");
    assertThat(outcome.json().get("details").asString()).contains("naru status");
    assertThat(outcome.json().get("cniVersion").asString()).isEqualTo("1.0.0");
    assertError(node.naru().run("STATUS", configuration("")), 50, "agent");
    // The pod's own end is the runtime's to destroy; the agent finds the rest when it is back.
    pod.close();
    Awaitility.await().until(() -> node.namespace().run("ip -o link show type veth").isEmpty());
    node.startAgent();
    assertThat(node.leftOvers()).isEmpty();
    assertThat(node.naru(pod).run("DEL", after("1.0.0", added))).isEqualTo(new Outcome(0, ""));
  }
}

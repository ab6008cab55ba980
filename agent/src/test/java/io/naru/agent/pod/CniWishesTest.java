package io.naru.agent.pod;

import static io.naru.agent.pod.CniNode.after;
import static io.naru.agent.pod.CniNode.configuration;
import static io.naru.agent.pod.CniPlugin.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import io.naru.agent.pod.CniPlugin.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Addresses that a runtime asks for, resolver settings, and pods with more than one interface. */
class CniWishesTest {
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

  private static List<String> addresses(Outcome added) {
    assertThat(added.exitCode()).as(added.output()).isZero();
    return added.json().get("ips").values().stream()
        .map(ip -> ip.get("address").asString())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",\"runtimeConfig\":{\"ips\":[\"10.244.1.77\",\"fd00:244:1::77\"]}|",
        ",\"runtimeConfig\":{\"ips\":[\"fd00:244:1::77/64\",\"10.244.1.77/24\"]}|IP=10.244.1.9",
        ",\"args\":{\"cni\":{\"ips\":[\"10.244.1.77\",\"fd00:244:1::77\"]}}|IP=10.244.1.9",
        "''|IgnoreUnknown=1;IP=10.244.1.77,fd00:244:1::77",
      })
  void aPodGetsTheAddressesItAsksFor(String more, String arguments) {
    TestNamespace pod = node.pod();
    CniPlugin plugin = node.naru(pod).with("CNI_ARGS", arguments == null ? "" : arguments);
    Outcome added = plugin.run("ADD", configuration(more));
    assertThat(addresses(added)).containsExactly("10.244.1.77/32", "fd00:244:1::77/128");
    node.namespace().run("ping -n -c 1 -W 5 10.244.1.77");
    assertThat(plugin.run("CHECK", after("1.1.0", added)).exitCode()).isZero();
    Outcome next = node.naru(node.pod()).run("ADD", configuration(""));
    assertThat(addresses(next)).doesNotContain("10.244.1.77/32", "fd00:244:1::77/128");
  }

  @Test
  void theOtherFamilyIsTheNodesChoice() {
    Outcome added =
        node.naru(node.pod()).with("CNI_ARGS", "IP=fd00:244:1::abc").run("ADD", configuration(""));
    assertThat(addresses(added)).containsExactly("10.244.1.2/32", "fd00:244:1::abc/128");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.244.2.7|7|not in this node's pod CIDRs",
        "192.0.2.1|7|10.244.1.0/24",
        "10.244.1.0|7|the network's own",
        "10.244.1.1|7|the network's own",
        "10.244.1.255|7|the network's own",
        "fd00:244:1::1|7|the network's own",
        "10.244.1.7,10.244.1.8|7|second",
        "10.244.1.2|101|is that of",
        "10.244.1.300|4|CNI_ARGS",
      })
  void anAddressThatCannotBeHadIsRefused(String asked, int code, String word) throws Exception {
    TestNamespace first = node.pod();
    Outcome taken = node.naru(first).run("ADD", configuration(""));
    assertThat(taken.exitCode()).isZero();
    Outcome outcome =
        node.naru(node.pod()).with("CNI_ARGS", "IP=" + asked).run("ADD", configuration(""));
    assertError(outcome, code, word);
    if (code == 101) {
      assertThat(outcome.message()).contains(first.name());
    }
    node.naru(first).run("DEL", configuration(""));
    assertThat(node.leftOvers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",\"runtimeConfig\":{\"mac\":\"02:11:22:33:44:55\"}|MAC=02:00:00:00:00:09",
        ",\"args\":{\"cni\":{\"mac\":\"02:11:22:33:44:55\"}}|",
        "''|MAC=02:11:22:33:44:55",
      })
  void aPodGetsTheMacAddressItAsksFor(String more, String arguments) {
    TestNamespace pod = node.pod();
    CniPlugin plugin = node.naru(pod).with("CNI_ARGS", arguments == null ? "" : arguments);
    Outcome added = plugin.run("ADD", configuration(more));
    assertThat(added.json().at("/interfaces/1/mac").asString()).isEqualTo("02:11:22:33:44:55");
    assertThat(pod.run("ip -o link show eth0")).contains("02:11:22:33:44:55");
    node.namespace().run("ping -n -c 1 -W 5 10.244.1.2");
    assertThat(plugin.run("CHECK", after("1.1.0", added)).exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"01:00:5e:00:00:01,7", "00:00:00:00:00:00,7", "02:11,7"})
  void aMacAddressOfNoInterfaceIsRefused(String mac, int code) {
    String more = ",\"runtimeConfig\":{\"mac\":\"" + mac + "\"}";
    assertError(node.naru(node.pod()).run("ADD", configuration(more)), code, "runtimeConfig.mac");
  }

  @Test
  void resolverSettingsArePassedOn() {
    String dns = ",\"dns\":{\"nameservers\":[\"10.96.0.10\"],\"domain\":\"a\",\"search\":[\"b\"]}";
    JsonNode plain = node.naru(node.pod()).run("ADD", configuration(dns)).json().get("dns");
    assertThat(plain.at("/nameservers/0").asString()).isEqualTo("10.96.0.10");
    assertThat(plain.get("domain").asString()).isEqualTo("a");
    String asked =
        ",\"runtimeConfig\":{\"dns\":{\"servers\":[\"192.0.2.53\"],\"searches\":[\"c\"],"
            + "\"options\":[\"ndots:5\"]}}";
    JsonNode both = node.naru(node.pod()).run("ADD", configuration(dns + asked)).json().get("dns");
    assertThat(both.at("/nameservers/0").asString()).isEqualTo("192.0.2.53");
    assertThat(both.at("/search/0").asString()).isEqualTo("c");
    assertThat(both.at("/options/0").asString()).isEqualTo("ndots:5");
    assertThat(both.get("domain").asString()).isEqualTo("a");
  }

  @Test
  void whatNobodyServesHereIsRefusedAndTheRestIgnored() {
    String ranges = ",\"runtimeConfig\":{\"ipRanges\":[[{\"subnet\":\"10.0.0.0/8\"}]]}";
    assertError(
        node.naru(node.pod()).run("ADD", configuration(ranges)), 2, "ipRanges", "10.0.0.0/8");
    String others =
        ",\"runtimeConfig\":{\"aliases\":{\"naru\":[\"web\"]},\"cgroupPath\":\"/a\",\"x\":[1]},"
            + "\"args\":{\"labels\":{\"a\":\"b\"}},\"ipMasq\":true,\"unknown\":{}";
    assertThat(node.naru(node.pod()).run("ADD", configuration(others)).exitCode()).isZero();
  }

  @Test
  void aFurtherInterfaceHasItsOwnRoutesAndTheFirstStaysTheDefault() throws Exception {
    TestNamespace pod = node.pod();
    Outcome first = node.naru(pod).run("ADD", configuration(""));
    String net = configuration("").replace("\"naru\"", "\"second\"");
    CniPlugin second = node.naru().of(pod, "net1");

    Outcome added = second.run("ADD", net);

    assertThat(addresses(added)).containsExactly("10.244.1.3/32", "fd00:244:1::3/128");
    assertThat(added.json().at("/routes/0/table").asInt()).isEqualTo(8480);
    assertThat(pod.run("ip route show default")).contains("dev eth0").doesNotContain("net1");
    assertThat(pod.run("ip route get 192.0.2.9 from 10.244.1.3")).contains("dev net1");
    assertThat(pod.run("ip -6 route get 2001:db8::9 from fd00:244:1::3")).contains("dev net1");
    for (String address : List.of("10.244.1.2", "10.244.1.3", "fd00:244:1::2", "fd00:244:1::3")) {
      node.namespace().run("ping -n -c 1 -W 5 " + address);
    }
    String withResult = net.replaceFirst("}$", ",\"prevResult\":" + added.output() + "}");
    assertThat(second.run("CHECK", withResult)).isEqualTo(new Outcome(0, ""));
    assertThat(node.naru(pod).run("CHECK", after("1.1.0", first)).exitCode()).isZero();
    node.stopAgent();
    node.startAgent();
    assertThat(second.run("CHECK", withResult)).isEqualTo(new Outcome(0, ""));
    pod.run("ip rule del from 10.244.1.3");
    assertError(second.run("CHECK", withResult), 102, "10.244.1.1");

    assertThat(second.run("DEL", withResult)).isEqualTo(new Outcome(0, ""));
    assertThat(pod.run("ip rule; ip -6 rule")).doesNotContain("8480");
    assertThat(node.naru(pod).run("CHECK", after("1.1.0", first)).exitCode()).isZero();
    Outcome again = second.run("ADD", net.replace("1.1.0", "1.0.0"));
    assertThat(again.json().get("routes")).isEmpty();
    assertThat(second.run("DEL", net).exitCode()).isZero();
    assertThat(node.naru(pod).run("DEL", configuration("")).exitCode()).isZero();
    assertThat(node.leftOvers()).isEmpty();
  }

  @Test
  void onlyTheMissingDefaultRouteIsMade() {
    TestNamespace pod = node.pod();
    pod.run(
        "ip link add other type bridge && ip link set other up && ip route add default dev other");
    Outcome added = node.naru(pod).run("ADD", configuration(""));
    assertThat(added.json().at("/routes/0/table").asInt()).isEqualTo(8480);
    assertThat(added.json().at("/routes/1").toString())
        .isEqualTo("{\"dst\":\"::/0\",\"gw\":\"fd00:244:1::1\"}");
    assertThat(pod.run("ip route show default")).contains("dev other").doesNotContain("eth0");
    assertThat(pod.run("ip -6 route show default")).contains("dev eth0");
    node.namespace().run("ping -n -c 1 -W 5 10.244.1.2");
  }
}

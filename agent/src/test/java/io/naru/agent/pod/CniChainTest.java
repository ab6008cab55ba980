package io.naru.agent.pod;

import static io.naru.agent.pod.CniPlugin.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import io.naru.agent.pod.CniPlugin.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Naru in a list with other plugins: before them, and after them. */
class CniChainTest {
  private static final String PORTMAP =
      """
      {"cniVersion":"%s","name":"naru","plugins":[
        {"type":"naru-cni"},
        {"type":"portmap","capabilities":{"portMappings":true},"snat":true},
        {"type":"bandwidth","capabilities":{"bandwidth":true}}]}
      """;
  private static final String ASKED =
      """
      {"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}],
       "bandwidth":{"ingressRate":80000000,"ingressBurst":8000000,
                    "egressRate":80000000,"egressBurst":8000000}}
      """;

  @TempDir Path directory;
  private CniNode node;
  private TestNamespace world;

  @BeforeAll
  static void compile() throws Exception {
    CniNode.compile();
  }

  @BeforeEach
  void start() {
    node = new CniNode(directory);
    world = node.pod();
    node.namespace()
        .run(
            "ip link add up0 type bridge && ip link set up0 up && ip addr add 192.0.2.1/24 dev up0"
                + " && ip link add uplink type veth peer name eth0 netns "
                + world.name()
                + " && ip link set uplink master up0 up");
    world.run("ip link set eth0 up && ip addr add 192.0.2.2/24 dev eth0");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  /** What the pod's server says to a client in the world that asks the node's port. */
  private void assertTrafficArrives() {
    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(
                        world.run("socat -T 2 - TCP:192.0.2.1:8080,connect-timeout=1 </dev/null"))
                    .isEqualTo("hello from the pod\n"));
  }

  private void serve(TestNamespace pod) {
    pod.run(
        "nohup socat TCP-LISTEN:80,reuseaddr,fork SYSTEM:'echo hello from the pod'"
            + " >/dev/null 2>&1 & echo $! >"
            + directory.resolve("server.pid"));
  }

  private void stopServing(TestNamespace pod) {
    pod.run("kill $(cat " + directory.resolve("server.pid") + ")");
  }

  @Test
  void aMappedPortReachesThePodBeforeAndAfterAnAgentsRestart() throws Exception {
    for (String version : new String[] {"0.4.0", "1.0.0"}) {
      PluginChain chain = new PluginChain(node, PORTMAP.formatted(version), Map.of());
      TestNamespace pod = node.pod();
      Outcome added = chain.add(pod, ASKED);

      assertThat(added.exitCode()).as(added.output()).isZero();
      assertThat(node.namespace().run("iptables-save")).contains("8080");
      String host = added.json().at("/interfaces/0/name").asString();
      assertThat(node.namespace().run("tc qdisc show dev " + host)).contains("tbf", "80Mbit");
      serve(pod);
      try {
        assertTrafficArrives();
        node.stopAgent();
        assertTrafficArrives();
        node.startAgent();
        assertTrafficArrives();
      } finally {
        stopServing(pod);
      }
      // portmap's own CHECK does not know pods of two families (1.1.1: it looks for IPv4 in IPv6).
      assertThat(chain.check(pod, ASKED))
          .extracting(Outcome::exitCode)
          .satisfies(codes -> assertThat(codes.getFirst()).isZero())
          .satisfies(codes -> assertThat(codes.getLast()).isZero());

      chain.delete(pod, ASKED);
      chain.delete(pod, ASKED);
      // portmap keeps the chain that all mappings hang from.
      assertThat(node.namespace().run("iptables-save; ip6tables-save")).doesNotContain("8080");
      assertThat(node.namespace().run("ip -o link show type ifb")).isEmpty();
      assertThat(node.node.network.pods()).isEmpty();
      assertThat(node.namespace().run("ip route show proto 72")).isEmpty();
    }
  }

  @Test
  void aListThatFailsLaterIsUndoneByDel() throws Exception {
    Path failing = directory.resolve("failing");
    script(failing, "cat >/dev/null; [ $CNI_COMMAND = DEL ] || { echo '{\"code\":999}'; exit 1; }");
    String list =
        "{\"cniVersion\":\"1.1.0\",\"name\":\"naru\",\"plugins\":[{\"type\":\"naru-cni\"},"
            + "{\"type\":\"failing\"}]}";
    PluginChain chain = new PluginChain(node, list, Map.of("failing", failing));
    TestNamespace pod = node.pod();
    assertThat(chain.add(pod, "{}").code()).isEqualTo(999);
    assertThat(node.node.network.pods()).hasSize(1);
    chain.delete(pod, "{}");
    assertThat(node.node.network.pods()).isEmpty();
    assertThat(pod.attempt("ip link show eth0").exitCode()).isNotZero();
  }

  private static void script(Path file, String body) throws Exception {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void naruAddsItselfToWhatPluginsBeforeItMade() throws Exception {
    Path first = directory.resolve("first");
    script(
        first,
        """
        cat >/dev/null
        [ $CNI_COMMAND = ADD ] || exit 0
        ip netns exec ${CNI_NETNS##*/} ip link add early type bridge
        echo '{"cniVersion":"1.1.0","interfaces":[{"name":"early","sandbox":"'$CNI_NETNS'"}],'
        echo '"ips":[{"address":"192.0.2.77/32","interface":0}],'
        echo '"routes":[{"dst":"198.51.100.0/24"}],"dns":{"nameservers":["192.0.2.53"]},"own":7}'
        """);
    String list =
        "{\"cniVersion\":\"1.1.0\",\"name\":\"naru\",\"plugins\":[{\"type\":\"first\"},"
            + "{\"type\":\"naru-cni\"}]}";
    PluginChain chain = new PluginChain(node, list, Map.of("first", first));
    TestNamespace pod = node.pod();

    Outcome added = chain.add(pod, "{}");

    assertThat(added.exitCode()).as(added.output()).isZero();
    JsonNode result = added.json();
    assertThat(result.get("interfaces").values().stream().map(each -> each.get("name").asString()))
        .hasSize(3)
        .startsWith("early")
        .endsWith("eth0");
    assertThat(result.get("ips").values().stream().map(each -> each.get("interface").asInt()))
        .containsExactly(0, 2, 2);
    assertThat(result.get("routes").values().stream().map(each -> each.get("dst").asString()))
        .containsExactly("198.51.100.0/24", "0.0.0.0/0", "::/0");
    assertThat(result.at("/dns/nameservers/0").asString()).isEqualTo("192.0.2.53");
    assertThat(result.get("own").asInt()).isEqualTo(7);
    assertThat(chain.check(pod, "{}")).allMatch(checked -> checked.exitCode() == 0);
    chain.delete(pod, "{}");
    assertThat(pod.run("ip -o link show early")).contains("early");
    assertThat(pod.attempt("ip link show eth0").exitCode()).isNotZero();
  }

  @Test
  void aCapabilityOfAnotherPluginIsNotLostInSilence() {
    String list =
        "{\"cniVersion\":\"1.0.0\",\"name\":\"naru\",\"plugins\":[{\"type\":\"naru-cni\","
            + "\"capabilities\":{\"portMappings\":true}}]}";
    PluginChain chain = new PluginChain(node, list, Map.of());
    TestNamespace pod = node.pod();
    assertError(chain.add(pod, ASKED), 2, "portMappings", "8080", "portmap");
    assertThat(chain.add(pod, "{\"portMappings\":[]}").exitCode()).isZero();
    chain.delete(pod, ASKED);
    assertThat(node.node.network.pods()).isEmpty();
  }
}

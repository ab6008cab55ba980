package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/**
 * Which of a host's interfaces carries the traffic between nodes, and what the agent says of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterfaceChoiceTest {
  /** The default route leaves by eth0; what lies behind eth1 has a route of its own. */
  private static final String TWO_INTERFACES =
      """
      set -e
      for i in 0 1; do
        ip link add eth$i type veth peer name wire$i
        ip link set wire$i addrgenmode none up
        ip link set eth$i up
      done
      ip addr add 192.0.2.2/25 dev eth0
      ip addr add 192.0.2.130/25 dev eth1
      ip route add default via 192.0.2.1 dev eth0
      ip route add 203.0.113.0/24 via 192.0.2.129 dev eth1
      """;

  private TestHost host;
  private final List<Process> agents = new ArrayList<>();

  @BeforeAll
  void up() {
    Progress.say("a plain host with two interfaces");
    host = TestHost.make("host1");
    host.shell(TWO_INTERFACES);
    host.startServer();
  }

  @AfterEach
  void stopAgents() {
    agents.forEach(TestHost::stop);
    agents.clear();
  }

  @AfterAll
  void down() {
    if (host != null) {
      host.close();
    }
  }

  private void start(String... options) {
    agents.add(host.startAgent(options));
    host.awaitReady(0);
  }

  private JsonNode underlay() {
    return host.naru("status", "-o", "json").run().json().path("underlay");
  }

  private List<String> addresses() {
    JsonNode nodes = host.naru("node", "list", "-o", "json").run().json();
    assertThat(nodes).hasSize(1);
    List<String> addresses = new ArrayList<>();
    nodes.path(0).path("addresses").forEach(address -> addresses.add(address.asString()));
    return addresses;
  }

  private void assertChosen(String name, String address, String reason) {
    JsonNode underlay = underlay();
    assertThat(underlay.path("interfaceName").asString()).as("%s", underlay).isEqualTo(name);
    assertThat(underlay.path("reason").asString()).contains(reason);
    assertThat(addresses()).containsExactly(address);
    assertThat(host.shell("ip -d link show naru-vxlan")).contains("dev " + name + " ");
  }

  @Test
  void theDefaultRouteDecides() {
    start();
    assertChosen("eth0", "192.0.2.2", "default route");
  }

  @Test
  void anInterfaceCanBeNamed() {
    start("--interface", "eth1");
    assertChosen("eth1", "192.0.2.130", "--interface");
  }

  @Test
  void theWayToAnAddressDecides() {
    start("--can-reach", "203.0.113.7");
    assertChosen("eth1", "192.0.2.130", "203.0.113.7");
  }

  @Test
  void aNodeBehindAnotherAddressPublishesThat() {
    start("--public-address", "198.51.100.77");
    assertThat(underlay().path("interfaceName").asString()).isEqualTo("eth0");
    assertThat(addresses()).containsExactly("198.51.100.77");
  }

  @Test
  void anInterfaceThatIsNotThereIsAnsweredWithThoseThatAreAndAwaited() {
    String sentence = "there is no interface 'eth9'; candidates: eth0, eth1";
    Process agent = host.startAgent("--interface", "eth9");
    agents.add(agent);
    TestLab.within(TestLab.LONGEST)
        .until(() -> host.status().toString().contains(sentence) || !agent.isAlive());
    assertThat(agent.isAlive()).as(host.log("agent.log")).isTrue();
    assertThat(host.log("agent.log")).contains(sentence).doesNotContain("\tat ");
    assertThat(host.naru("status").run().out()).contains("problem    " + sentence);

    host.shell("ip link add eth9 type veth peer name wire9");
    host.shell("ip link set wire9 up; ip addr add 192.0.2.66/32 dev eth9; ip link set eth9 up");
    host.awaitReady(0);
    assertChosen("eth9", "192.0.2.66", "--interface");
    TestHost.stop(agent);
    host.shell("ip link delete eth9");
  }
}

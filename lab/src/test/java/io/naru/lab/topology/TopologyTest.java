package io.naru.lab.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.NaruException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyTest {
  private static LabSpec spec(String name, int nodes, int subnets) {
    return new LabSpec(name, nodes, subnets, true, "auto", "auto", FirewallPolicy.DEFAULT_DENY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "banana", "", "Kernel"})
  void aDataPathThatIsNotThereIsRefused(String datapath) {
    assertThatThrownBy(() -> new LabSpec("t", 1, 1, false, "auto", datapath, FirewallPolicy.OPEN))
        .hasMessageContaining("this version has the kernel's data path only; use auto or kernel");
    assertThat(new LabSpec("t", 1, 1, false, "auto", "kernel", FirewallPolicy.OPEN).datapath())
        .isEqualTo("kernel");
  }

  @Test
  void addressesFollowTheContract() {
    LabNode third = Topology.of(spec("naru", 3, 2)).node("node3");
    assertThat(third.addresses()).hasToString("[172.26.50.13/24, fd26:50::13/64]");
    assertThat(third.namespace()).isEqualTo("naru-node3");
    assertThat(third.subnet().bridge()).isEqualTo("sub0");
    assertThat(third.subnet().gateways()).hasToString("[172.26.50.1/24, fd26:50::1/64]");
    assertThat(third.mac()).hasToString("02:00:ac:1a:32:0d");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "false, -,    -,    IPV4, IPV4",
        "true,  -,    -,    DUAL, DUAL",
        "false, IPV6, -,    IPV6, DUAL",
        "true,  IPV6, -,    IPV6, DUAL",
        "true,  IPV4, -,    IPV4, DUAL",
        "false, IPV6, IPV4, IPV6, IPV4",
        "false, DUAL, IPV6, DUAL, IPV6",
      })
  void nodesAndPodsHaveTheFamiliesThatTheUserNames(
      boolean ipv6, Families underlay, Families pods, Families ofNodes, Families ofPods) {
    LabSpec spec =
        new LabSpec(
            "t",
            1,
            1,
            ipv6,
            "auto",
            "auto",
            FirewallPolicy.OPEN,
            Optional.ofNullable(underlay),
            Optional.ofNullable(pods),
            Map.of());
    assertThat(spec.podFamilies()).isEqualTo(ofPods);
    Topology topology = Topology.of(spec);
    assertThat(topology.node("node1").addresses())
        .extracting(address -> address.address().family())
        .containsExactlyElementsOf(ofNodes.all());
    assertThat(topology.serverAddresses()).hasSameSizeAs(ofNodes.all());
  }

  @Property(tries = 100)
  void noAddressIsGivenTwice(
      @ForAll @IntRange(min = 1, max = 200) int nodes,
      @ForAll @IntRange(min = 1, max = 200) int subnets) {
    Topology topology = Topology.of(spec("t", nodes, Math.min(subnets, nodes)));
    assertThat(
            Stream.concat(
                topology.nodes().stream().flatMap(node -> node.addresses().stream()),
                topology.subnets().stream().flatMap(subnet -> subnet.gateways().stream())))
        .doesNotHaveDuplicates();
    assertThat(
            Stream.concat(
                topology.nodes().stream().map(LabNode::mac),
                topology.subnets().stream().map(Subnet::mac)))
        .doesNotHaveDuplicates();
    assertThat(topology.nodes())
        .allMatch(
            node ->
                node.addresses()
                    .getFirst()
                    .prefix()
                    .equals(node.subnet().gateways().getFirst().prefix()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Naru", "-x", "x-", "a/b", "..", "a b", "abcdefghijklmnopqrstu"})
  void namesThatCannotBeOnesAreRefused(String name) {
    assertThatThrownBy(() -> spec(name, 1, 1))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("cannot name a lab");
  }

  @Test
  void numbersHaveBounds() {
    assertThatThrownBy(() -> spec("t", 0, 1)).hasMessageContaining("1 to 200 nodes");
    assertThatThrownBy(() -> spec("t", 201, 1)).hasMessageContaining("1 to 200 nodes");
    assertThatThrownBy(() -> spec("t", 2, 3)).hasMessageContaining("1 to 2 subnets");
    assertThatThrownBy(() -> new LabSpec("t", 1, 1, false, "pigeon", "auto", FirewallPolicy.OPEN))
        .hasMessageContaining("[auto, vxlan, direct]");
  }

  @Test
  void anOpenLabHasNoSecurityGroup() {
    assertThat(
            SecurityGroup.script(
                Topology.of(new LabSpec("t", 2, 1, true, "auto", "auto", FirewallPolicy.OPEN))))
        .isEmpty();
  }

  @Test
  void onlyPortsOfNodesAreFiltered() {
    assertThat(SecurityGroup.script(Topology.of(spec("t", 2, 1))))
        .contains("elements = { \"node1\", \"node2\" }")
        .contains("oifname @nodes jump inbound")
        .contains("iifname != @nodes meta mark set 1")
        .contains("table ip6 security_group");
  }
}

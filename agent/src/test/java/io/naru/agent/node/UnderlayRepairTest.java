package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.core.address.IpAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the interface beneath: it flaps, gets other addresses, or is another one. */
class UnderlayRepairTest {
  private static final String IPV6_BACK =
      " && ip addr replace fd26:50::11/64 dev eth0 nodad && ip route replace default via 172.26.50.1";

  private RepairedNode node;

  @BeforeEach
  void start(@TempDir Path directory) {
    node = new RepairedNode(directory).start().settle();
  }

  @AfterEach
  void close() {
    node.close();
  }

  /** As after a network manager has put the host's own addresses and routes back. */
  @Test
  void aLinkThatFlapsGetsItsRoutesBack() {
    node.isRepairedAfter("ip link set eth0 down && ip link set eth0 up" + IPV6_BACK);
  }

  @Test
  void aLinkThatIsDownForAWhileGetsItsRoutesBack() {
    List<String> before = node.state();
    node.run("ip link set eth0 down");
    await().until(() -> !node.last().problems().isEmpty());
    assertThat(node.run("ip route show")).doesNotContain("10.244.3.0/24 via 172.26.50.13");
    node.run("ip link set eth0 up" + IPV6_BACK);
    await().untilAsserted(() -> assertThat(node.state()).isEqualTo(before));
  }

  @Test
  void whatPodsNeedIsRepairedWhileTheUnderlayIsAway() {
    node.run("ip link set eth0 down");
    await().until(() -> !node.last().problems().isEmpty());
    node.run("ip route del 10.244.1.5/32");
    await().until(() -> node.run("ip route show").contains("10.244.1.5 dev " + RepairedNode.POD));
    assertThat(node.last().problems()).anyMatch(problem -> problem.contains("no interface is up"));
  }

  private void awaitPublished(Predicate<List<IpAddress>> addresses) {
    await()
        .until(
            () ->
                addresses.test(
                    node.store.snapshot().nodes().get(RepairedNode.NAME).publicAddresses()));
  }

  @Test
  void anotherAddressIsToldToThePeersAndTheTunnelSendsFromIt() {
    node.run("ip addr del 172.26.50.11/24 dev eth0 && ip addr add 172.26.50.44/24 dev eth0");
    node.run("ip route replace default via 172.26.50.1");
    awaitPublished(list -> list.contains(IpAddress.parse("172.26.50.44")));
    node.settle();
    assertThat(node.run("ip -d link show naru-vxlan")).contains("local 172.26.50.44");
    assertThat(String.join("\n", node.state()))
        .contains(
            "10.244.3.0/24 via 172.26.50.13",
            "dst 172.26.51.12",
            "10.244.2.0 dev naru-vxlan lladdr");
  }

  @Test
  void anAddressThatIsAwayForAWhileComesBack() {
    List<String> before = node.state();
    node.run("ip addr flush dev eth0 scope global");
    await().until(() -> !node.last().problems().isEmpty());
    assertThat(node.run("ip route show")).contains("10.244.2.0/24", "10.244.1.5");
    assertThat(node.store.snapshot().nodes()).containsKey(RepairedNode.NAME);
    node.run("ip addr add 172.26.50.11/24 dev eth0" + IPV6_BACK);
    await().untilAsserted(() -> assertThat(node.state()).isEqualTo(before));
  }

  @Test
  void oneFamilyThatIsAwayForAWhileComesBack() {
    List<String> before = node.state();
    node.run("ip addr del 172.26.50.11/24 dev eth0 && ip -6 route add default via fd26:50::1");
    awaitPublished(list -> list.equals(List.of(IpAddress.parse("fd26:50::11"))));
    node.settle();
    assertThat(node.run("ip -d link show naru-vxlan")).contains("local fd26:50::11");
    node.run("ip -6 route del default via fd26:50::1");
    node.run("ip addr add 172.26.50.11/24 dev eth0" + IPV6_BACK);
    awaitPublished(list -> list.size() == 2);
    await().untilAsserted(() -> assertThat(node.state()).isEqualTo(before));
  }

  @Test
  void anInterfaceThatIsMadeAnewUnderTheSameNameIsUsed() {
    List<String> before = node.state();
    node.run("ip link del eth0");
    await().until(() -> !node.last().problems().isEmpty());
    node.underlay("eth0");
    await().untilAsserted(() -> assertThat(node.state()).isEqualTo(before));
  }

  @Test
  void anInterfaceOfAnotherNameIsUsed() {
    node.run("ip link del eth0");
    node.underlay("ens5");
    await()
        .untilAsserted(
            () -> {
              assertThat(node.run("ip -d link show naru-vxlan")).contains("dev ens5");
              assertThat(node.run("ip route show"))
                  .contains("10.244.3.0/24 via 172.26.50.13 dev ens5");
              assertThat(node.run("nft list table inet naru")).contains("ens5");
            });
    node.settle();
  }

  @Test
  void anotherMtuOfTheUnderlayIsFollowed() {
    node.run("ip link set eth0 mtu 1400");
    await().until(() -> node.run("ip link show naru-vxlan").contains("mtu 1350"));
  }
}

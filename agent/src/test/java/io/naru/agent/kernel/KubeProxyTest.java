package io.naru.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestNamespace;
import io.naru.core.address.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeProxyTest {
  private final TestNamespace host = new TestNamespace();

  @AfterEach
  void remove() {
    host.close();
  }

  private Optional<String> problem(String... blocks) {
    return host.namespace()
        .call(
            () -> {
              KubeProxy proxy = new KubeProxy();
              proxy.lookNow(Stream.of(blocks).map(Prefix::parse).toList());
              return proxy.problem();
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iptables-nft -t nat -N KUBE-SERVICES && iptables-nft -t nat -A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment 'default/kubernetes:https cluster IP' -m tcp --dport 443 -j ACCEPT | 10.96.0.1 | nft chain ip nat KUBE-SERVICES",
        "ip6tables-nft -t nat -N KUBE-SERVICES && ip6tables-nft -t nat -A KUBE-SERVICES -d fd00:10:96::1/128 -p tcp -m tcp --dport 443 -j ACCEPT | fd00:10:96::1 | nft chain ip6 nat KUBE-SERVICES",
        "nft 'table ip kube-proxy { set cluster-ips { type ipv4_addr; elements = { 10.96.0.1 }; }; chain services { }; }' | 10.96.0.1 | nft table ip kube-proxy",
        "ip link add kube-ipvs0 type veth peer name other && ip address add 10.96.0.1/32 dev kube-ipvs0 | 10.96.0.1 | IPVS, device kube-ipvs0",
      })
  void isNamedWhereItHasServicesOfTheSameBlock(String made, String address, String by) {
    assertThat(problem("10.96.0.0/16", "fd00:10:96::/112")).isEmpty();
    host.run(made);
    assertThat(problem("10.96.0.0/16", "fd00:10:96::/112").orElseThrow())
        .contains("leads " + address + " to")
        .contains("(" + by + ")")
        .contains("serviceCidrs");
    assertThat(problem("172.30.0.0/16", "fd00:172:30::/112")).as("another block").isEmpty();
    assertThat(problem()).as("no services").isEmpty();
  }

  @Test
  void aLookIsTakenOnceAMinuteUnlessTheBlocksChange() {
    host.namespace()
        .run(
            () -> {
              KubeProxy proxy = new KubeProxy();
              List<Prefix> blocks = List.of(Prefix.parse("10.96.0.0/16"));
              proxy.look(List.of());
              host.run("ip link add kube-ipvs0 type veth peer name other");
              host.run("ip address add 10.96.0.1/32 dev kube-ipvs0");
              // Until it looks for other blocks than before.
              lookUntil(proxy, blocks, Optional::isPresent);
              host.run("ip link del kube-ipvs0");
              proxy.look(blocks);
              assertThat(proxy.problem()).isPresent();
              lookUntil(proxy, List.of(), Optional::isEmpty);
            });
  }

  private static void lookUntil(
      KubeProxy proxy, List<Prefix> blocks, Predicate<Optional<String>> told) {
    // In the thread that is in the namespace, where Awaitility would use another one.
    await()
        .pollInSameThread()
        .until(
            () -> {
              proxy.look(blocks);
              return told.test(proxy.problem());
            });
  }
}

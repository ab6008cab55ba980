package io.naru.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import io.naru.core.address.IpAddress;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.route.RouteNetlink;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodCheckTest {
  @TempDir Path directory;
  private TestNode node;

  @BeforeEach
  void makeNode() {
    node = new TestNode(directory.resolve("pods"));
  }

  @AfterEach
  void removeNode() {
    node.close();
  }

  private List<String> check(TestNamespace pod) {
    return node.check(pod);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node|ip link set HOST down|is down",
        "node|ip link set HOST mtu 1400|MTU 1400 instead of 1450",
        "node|ip route del 10.244.1.2|route to 10.244.1.2/32",
        "node|ip -6 route del fd00:244:1::2|route to fd00:244:1::2/128",
        "node|ip neigh del 10.244.1.2 dev HOST|neighbour entry for 10.244.1.2",
        "node|ip neigh replace fd00:244:1::2 dev HOST lladdr 02:00:00:00:00:99|02:00:00:00:00:99",
        "node|ip link del HOST|HOST is missing",
        "pod|ip link set eth0 down|eth0 is down",
        "pod|ip link set eth0 mtu 1300|MTU 1300",
        "pod|ip link set eth0 address 02:00:00:00:00:98|02:00:00:00:00:98",
        "pod|ip addr del 10.244.1.2/32 dev eth0|does not have its address 10.244.1.2",
        "pod|ip addr del fd00:244:1::2/128 dev eth0|does not have its address fd00:244:1::2",
        "pod|ip route del default|default route via 10.244.1.1",
        "pod|ip -6 route del default|default route via fd00:244:1::1",
        "pod|ip neigh del 10.244.1.1 dev eth0|neighbour entry for 10.244.1.1",
      })
  void checkSeesEveryDifference(String where, String command, String sentence) {
    TestNamespace pod = node.pod();
    String host = node.attach(pod).hostInterface();
    assertThat(check(pod)).isEmpty();
    (where.equals("node") ? node.namespace() : pod).run(command.replace("HOST", host));
    assertThat(String.join("; ", check(pod))).contains(sentence.replace("HOST", host));
  }

  @Test
  void checkComparesTheRuntimesResultAndTheLease() {
    TestNamespace pod = node.pod();
    node.attach(pod);
    assertThat(
            node.network.check(
                TestNode.key(pod),
                pod.path(),
                TestNode.expecting(List.of(IpAddress.parse("10.244.1.77")))))
        .hasSize(2)
        .allMatch(sentence -> sentence.contains("the runtime's result does not have"));
    assertThat(
            node.network.check(
                new AttachmentKey("x", "eth0"), pod.path(), TestNode.expecting(List.of())))
        .containsExactly("this node has no lease for it");
  }

  @Test
  void aDeletedHostRouteComesBackByTheDesiredChanges() {
    TestNamespace pod = node.pod();
    PodAttachment attachment = node.attach(pod);
    node.namespace()
        .run(
            "ip route del 10.244.1.2 && ip neigh flush dev HOST nud permanent"
                .replace("HOST", attachment.hostInterface()));
    assertThat(check(pod)).isNotEmpty();
    node.namespace()
        .namespace()
        .run(
            () -> {
              try (var netlink = RouteNetlink.open()) {
                int index = netlink.link(attachment.hostInterface()).orElseThrow().index();
                // Twice: making them again changes nothing.
                for (int i = 0; i < 2; i++) {
                  assertThat(netlink.apply(DesiredWiring.hostChanges(attachment, index)))
                      .allMatch(Optional::isEmpty);
                }
              }
            });
    assertThat(check(pod)).isEmpty();
    node.namespace().run("ping -n -c 1 -W 5 " + attachment.addresses().getFirst());
  }
}

package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestNamespace;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelEventsTest {
  private final AtomicInteger triggers = new AtomicInteger();
  private TestNamespace namespace;
  private KernelEvents events;

  @BeforeEach
  void listen() {
    namespace = new TestNamespace();
    namespace.run(
        "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"
            + " && ip link add eth0 type veth peer name wire && ip link set wire up && ip link set eth0 up"
            + " && ip addr add 172.26.50.11/24 dev eth0"
            + " && ip link add naru-vxlan type vxlan id 1 dstport 8472 local 172.26.50.11"
            + " && ip link set naru-vxlan up"
            + " && ip route add 10.1.0.0/16 dev eth0 proto 72"
            + " && ip route add 10.2.0.0/16 dev eth0"
            + " && ip rule add priority 472 fwmark 1 lookup 99 protocol 72");
    events = namespace.namespace().call(() -> new KernelEvents(triggers::incrementAndGet));
  }

  @AfterEach
  void stop() {
    events.close();
    namespace.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip link set naru-vxlan down",
        "ip addr add 172.26.50.77/24 dev eth0",
        "ip route del 10.1.0.0/16",
        "ip route add default via 172.26.50.1",
        "ip rule del priority 472",
        "ip neigh add 10.244.2.0 lladdr 02:00:00:00:00:02 dev naru-vxlan nud permanent",
      })
  void whatMayConcernUsTriggers(String command) {
    int before = triggers.get();
    namespace.run(command);
    await().until(() -> triggers.get() > before);
  }

  @Test
  void othersRoutesDoNotTrigger() {
    // Links settle for a moment after they come up; in a quiet moment exactly one event is ours.
    await()
        .untilAsserted(
            () -> {
              int before = triggers.get();
              namespace.run("ip route add 10.3.0.0/16 dev eth0 && ip route del 10.3.0.0/16");
              namespace.run("ip rule add priority 100 lookup 9 && ip rule del priority 100");
              namespace.run("ip route add 10.4.0.0/16 dev eth0 proto 72");
              await().until(() -> triggers.get() > before);
              int after = triggers.get();
              namespace.run("ip route del 10.4.0.0/16");
              assertThat(after).isEqualTo(before + 1);
            });
  }
}

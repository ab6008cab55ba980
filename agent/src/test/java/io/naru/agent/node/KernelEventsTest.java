package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestNamespace;
import java.time.Duration;
import java.util.concurrent.Semaphore;
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
    events =
        namespace.namespace().call(() -> new KernelEvents(triggers::incrementAndGet, event -> {}));
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

  /** A flood of others' routes fills the socket while the loop's thread is busy. */
  @Test
  void whereEventsWereLostTheLoopIsTriggered() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Semaphore busy = new Semaphore(1);
    KernelEvents flooded =
        namespace
            .namespace()
            .call(
                () ->
                    new KernelEvents(
                        () -> {
                          calls.incrementAndGet();
                          busy.acquireUninterruptibly();
                          busy.release();
                        },
                        event -> {}));
    try {
      AtomicInteger seen = new AtomicInteger();
      await()
          .during(Duration.ofMillis(500))
          .until(() -> seen.getAndSet(calls.get()) == calls.get());
      busy.acquire();
      int before = calls.get();
      namespace.run("ip route add 10.5.0.0/16 dev eth0 proto 72");
      await().until(() -> calls.get() == before + 1);
      namespace.run(
          "seq 0 59999 | awk '{printf \"route add 198.%d.%d.%d/32 dev eth0\\n\","
              + " 18 + int($1 / 65536), int($1 / 256) % 256, $1 % 256}' | ip -batch -");
      busy.release();
      await().until(() -> calls.get() > before + 1);
    } finally {
      flooded.close();
    }
  }
}

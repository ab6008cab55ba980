package io.naru.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.agent.TestNamespace;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.NodeView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who comes from outside to a service, and is sent on to a pod, where a firewall drops that. */
class ForwardedServicesTest {
  private static final NodeView VIEW =
      TestCluster.view(
          TransportPolicy.AUTO, TestCluster.node(1, 0), List.of(TestCluster.node(2, 1)));
  private static final String POD = "10.244.1.5";
  private static final String NODE = "172.26.50.11";
  private static final String SERVICE = "10.96.0.20";
  private static final String OTHER_SERVICE = "10.97.0.20";

  @TempDir Path directory;
  private TestKernel kernel;
  private TestNamespace pod;
  private TestNamespace client;

  @BeforeEach
  void wire() {
    kernel = new TestKernel(directory);
    pod = new TestNamespace();
    client = new TestNamespace();
    kernel.run("ip link set pod0 netns " + pod.name());
    kernel.run("ip link set wire netns " + client.name());
    pod.run("ip link set pod0 address " + VIEW.pods().getFirst().mac() + " up");
    pod.run("ip address add " + POD + "/24 dev pod0 && ip route add default via 10.244.1.1");
    client.run("ip link set wire up && ip address add 172.26.50.99/24 dev wire");
    client.run("ip route add default via " + NODE);
    kernel.run("iptables-nft -P FORWARD DROP");
    kernel.run(
        "nft 'table ip sending { chain pre { type nat hook prerouting priority dstnat; ip daddr { %s, %s } udp dport 80 dnat to %s:8080; udp dport { 30080, 8081 } dnat to %s:8080; }; }'"
            .formatted(SERVICE, OTHER_SERVICE, POD, POD));
    assertThat(kernel.pass(VIEW)).isEmpty();
  }

  @AfterEach
  void remove() {
    client.close();
    pod.close();
    kernel.close();
  }

  private static DatagramSocket open(TestNamespace namespace, int port) {
    return namespace
        .namespace()
        .call(
            () -> {
              try {
                DatagramSocket socket = new DatagramSocket(port);
                socket.setSoTimeout(5000);
                return socket;
              } catch (IOException refused) {
                throw new UncheckedIOException(refused);
              }
            });
  }

  @Test
  void reachesThePodIfItIsOursAndNobodyElseDoes() throws IOException {
    try (DatagramSocket server = open(pod, 8080);
        DatagramSocket asker = open(client, 0)) {
      // What takes the same way arrives in order: were these let through, the pod saw them first.
      send(asker, "a port that somebody published", NODE, 8081);
      send(asker, "another's service", OTHER_SERVICE, 80);
      send(asker, "the pod itself", POD, 8080);
      send(asker, "service", SERVICE, 80);
      assertThat(answered(server)).isEqualTo("service");
      assertThat(received(asker).getSocketAddress()).isEqualTo(new InetSocketAddress(SERVICE, 80));
      send(asker, "node port", NODE, 30080);
      assertThat(answered(server)).isEqualTo("node port");
      assertThat(received(asker).getSocketAddress()).isEqualTo(new InetSocketAddress(NODE, 30080));
    }
  }

  /** Our mark is no pass for what others gave it, and no other chain or device ever sees it. */
  @Test
  void theMarkIsSetByOurRulesAloneAndGoneAfterwards() throws IOException {
    kernel.run(
        "nft 'table ip marking { chain pre { type filter hook prerouting priority mangle; udp dport 80 meta mark set 0x10000000; }; chain post { type filter hook postrouting priority mangle; meta mark & 0x10000000 != 0 drop; }; }'");
    try (DatagramSocket server = open(pod, 8080);
        DatagramSocket asker = open(client, 0)) {
      send(asker, "another's service", OTHER_SERVICE, 80);
      send(asker, "service", SERVICE, 80);
      assertThat(answered(server)).isEqualTo("service");
      assertThat(received(asker).getSocketAddress()).isEqualTo(new InetSocketAddress(SERVICE, 80));
    }
  }

  private static void send(DatagramSocket from, String text, String to, int port)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    from.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName(to), port));
  }

  private static DatagramPacket received(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    socket.receive(packet);
    return packet;
  }

  /** What came, after it was sent back. */
  private static String answered(DatagramSocket server) throws IOException {
    DatagramPacket packet = received(server);
    server.send(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }
}

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
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pod asks its node for a name, and the host's own firewall drops what comes in. */
class PodQuestionsTest {
  private static final NodeView VIEW =
      TestCluster.view(
          TransportPolicy.AUTO, TestCluster.node(1, 0), List.of(TestCluster.node(2, 1)));

  private static final String HOST_END = "02:00:00:00:00:77";

  @TempDir Path directory;
  private TestKernel kernel;
  private TestNamespace pod;

  @BeforeEach
  void wire() {
    kernel = new TestKernel(directory);
    pod = new TestNamespace();
    kernel.run("ip link set pod0 netns " + pod.name());
    String end = TestCluster.POD_INTERFACE;
    kernel.run("ip link set " + end + " address " + HOST_END);
    // The pass sets the host's neighbours by the MAC address that the view says of this pod.
    pod.run("ip link set pod0 address " + VIEW.pods().getFirst().mac() + " up");
    pod.run("ip address add 10.244.1.5/32 dev pod0");
    pod.run("ip address add fd44:0:0:1::5/128 dev pod0 nodad");
    for (String server : List.of("169.254.20.10", "fd00:6e61:7275::53")) {
      pod.run("ip route add " + server + " dev pod0");
      // Asking for the neighbour is for no firewall here to let in or not.
      pod.run("ip neighbour add " + server + " lladdr " + HOST_END + " dev pod0");
    }
    assertThat(kernel.pass(VIEW)).isEmpty();
  }

  @AfterEach
  void remove() {
    pod.close();
    kernel.close();
  }

  private DatagramSocket at(TestNamespace namespace, String address, int port) {
    return namespace
        .namespace()
        .call(
            () -> {
              try {
                return new DatagramSocket(port, InetAddress.getByName(address));
              } catch (IOException refused) {
                throw new UncheckedIOException(refused);
              }
            });
  }

  /** What arrives of two questions, the first of them for another port. */
  private List<String> arrivals(String server, String podAddress, int port) throws IOException {
    List<String> arrived = new ArrayList<>();
    try (DatagramSocket other = at(kernel.namespace(), server, port + 1);
        DatagramSocket names = at(kernel.namespace(), server, port);
        DatagramSocket asker = at(pod, podAddress, 0)) {
      other.setSoTimeout(1);
      names.setSoTimeout(300);
      send(asker, server, port + 1);
      send(asker, server, port);
      // They take the same way: what was sent before the one that arrived is there by then.
      arrived.addAll(received(names, "names"));
      arrived.addAll(received(other, "other"));
    }
    return arrived;
  }

  private static void send(DatagramSocket from, String server, int port) throws IOException {
    byte[] question = "?".getBytes(StandardCharsets.UTF_8);
    from.send(new DatagramPacket(question, 1, InetAddress.getByName(server), port));
  }

  private static List<String> received(DatagramSocket socket, String name) throws IOException {
    try {
      socket.receive(new DatagramPacket(new byte[9], 9));
      return List.of(name);
    } catch (SocketTimeoutException nothing) {
      return List.of();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "iptables-nft, 169.254.20.10, 10.244.1.5",
    "ip6tables-nft, fd00:6e61:7275::53, fd44:0:0:1::5",
  })
  void arriveAtPort53AloneAndOnlyWhileNaruIsThere(String iptables, String server, String address)
      throws IOException {
    assertThat(arrivals(server, address, 53)).as("no firewall").containsExactly("names", "other");
    kernel.run(iptables + " -P INPUT DROP");
    assertThat(arrivals(server, address, 53)).as("a firewall and no rule of ours").isEmpty();
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(arrivals(server, address, 53)).containsExactly("names");
    kernel.run(iptables + " -F INPUT");
    assertThat(arrivals(server, address, 53)).as("our rules are deleted").isEmpty();
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(arrivals(server, address, 53)).containsExactly("names");
  }
}

package io.naru.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.NodeView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in the way of the tunnel device is named, and once it is gone a pass does the rest. */
class TunnelObstacleTest {
  private static final NodeView VIEW =
      TestCluster.view(
          TransportPolicy.VXLAN,
          TestCluster.node(1, 0),
          List.of(TestCluster.node(2, 1), TestCluster.node(3, 0)));

  @TempDir Path directory;
  private TestKernel kernel;

  @BeforeEach
  void makeKernel() {
    kernel = new TestKernel(directory);
  }

  @AfterEach
  void removeKernel() {
    kernel.close();
  }

  private String theOneFailure() {
    List<KernelWriter.Failure> failures = kernel.pass(VIEW);
    assertThat(failures).as("what follows from the first is not told").hasSize(1);
    return failures.getFirst().text();
  }

  private void assertAPassDoesTheRest() {
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.plan(VIEW).text()).isEmpty();
    assertThat(kernel.run("ip route show")).contains("10.244.2.0/24 via 10.244.2.0 dev naru-vxlan");
  }

  @ParameterizedTest
  @CsvSource({
    "1, id 1 local 172.26.50.11 dev eth0 nolearning",
    "1, id 1 local 172.26.50.11 dev eth0 nolearning udp6zerocsumrx",
    "77, id 77 local 172.26.50.11 dev eth0 gbp",
  })
  void anotherVxlanDeviceIsNamedUntilItIsGone(String vni, String kind) {
    kernel.run(
        "ip link add flannel.1 type vxlan dstport 8472 " + kind + " && ip link set flannel.1 up");
    for (int pass = 0; pass < 2; pass++) {
      assertThat(theOneFailure())
          .contains("naru-vxlan", "the VXLAN device flannel.1 (VNI " + vni + ", UDP port 8472)")
          .contains("type: ip link del flannel.1", "tries again");
    }
    kernel.run("ip link del flannel.1");
    assertAPassDoesTheRest();
  }

  @Test
  void aDeviceThatTakesEveryVniIsNamedToo() {
    kernel.run("ip link add other type vxlan external dstport 8472 && ip link set other up");
    assertThat(theOneFailure()).contains("the VXLAN device other (any VNI, UDP port 8472)");
    kernel.run("ip link set other down");
    assertAPassDoesTheRest();
  }

  @Test
  void aDeviceOnTheSamePortThatSharesItsSocketIsNotInTheWay() {
    kernel.run(
        "ip link add vx77 type vxlan id 77 dstport 8472 local 172.26.50.11 dev eth0 udp6zerocsumrx"
            + " && ip link set vx77 up");
    assertAPassDoesTheRest();
  }

  @Test
  void aProgramOnThePortIsLookedForWithTheCommandThatIsTold() throws IOException {
    try (DatagramChannel _ =
        kernel.namespace().namespace().call(TunnelObstacleTest::programOnThePort)) {
      assertThat(theOneFailure()).contains("a program has UDP port 8472").contains("ss -ulnp");
    }
    assertAPassDoesTheRest();
  }

  private static DatagramChannel programOnThePort() {
    try {
      return DatagramChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(8472));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aStrangersInterfaceOfOurNameIsNamed() {
    kernel.run("ip link add naru-vxlan type bridge");
    assertThat(theOneFailure()).contains("an interface of kind bridge has the name naru-vxlan");
    kernel.run("ip link del naru-vxlan");
    assertAPassDoesTheRest();
  }
}

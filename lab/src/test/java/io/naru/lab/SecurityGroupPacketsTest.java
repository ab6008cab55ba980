package io.naru.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.lab.process.Program;
import io.naru.lab.topology.FirewallPolicy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the stateful security group lets in, within a subnet, across subnets and from outside. */
class SecurityGroupPacketsTest {
  private static TestLab test;

  @BeforeAll
  static void up() {
    test = TestLab.up(3, 2, FirewallPolicy.DEFAULT_DENY);
  }

  @AfterAll
  static void down() {
    test.close();
  }

  @ParameterizedTest
  @CsvSource({
    "node1, node3, 172.26.50.13",
    "node1, node3, fd26:50::13",
    "node1, node2, 172.26.51.12",
    "node1, node2, fd26:51::12",
    "world, node1, 172.26.50.11",
    "world, node1, fd26:50::11",
  })
  void newConnectionsToNodesAreRefusedAndPingsPass(String from, String to, String address)
      throws Exception {
    long before = test.lab().status().denied();
    assertThat(test.pings(from, address)).isTrue();
    assertThat(Packets.connects(test, from, to, address, 7001)).isFalse();
    assertThat(test.lab().status().denied()).isGreaterThan(before);
    try (var sink = new Packets.UdpSink(test, to, 8472)) {
      long refused = test.lab().status().denied();
      Packets.send(test, from, address, 8472, "vxlan", 100);
      Awaitility.await().until(() -> test.lab().status().denied() > refused);
      assertThat(sink.count("vxlan")).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "node1, world, 198.51.100.10",
    "node1, world, 2001:db8:100::10",
    "node2, fabric, 172.26.50.1",
    "node2, fabric, fd26:50::1",
    "fabric, node2, 172.26.51.12",
    "fabric, node2, fd26:51::12",
  })
  void nodesReachTheWorldAndTheServerAndGetTheirReplies(String from, String to, String address)
      throws Exception {
    assertThat(Packets.connects(test, from, to, address, 7002)).isTrue();
  }

  /** A port that the lab did not make, with a host behind it in the same namespace's stead. */
  @Test
  void strangersPassInBothDirections() throws Exception {
    String stranger = test.namespace("stranger");
    Program.of("ip", "netns", "add", stranger).run();
    try {
      Namespaces.configure(
          test.lab().topology().fabricNamespace(),
          """
          link add name stranger type veth peer name eth0 netns %s
          link set stranger master sub0 up
          """
              .formatted(stranger));
      Namespaces.configure(
          stranger,
          """
          link set eth0 up
          address add 172.26.50.99/24 dev eth0
          route add default via 172.26.50.1
          """);
      for (String node : new String[] {"172.26.50.11 node1", "172.26.51.12 node2"}) {
        String address = node.substring(0, node.indexOf(' '));
        String name = node.substring(node.indexOf(' ') + 1);
        try (var sink = new Packets.UdpSink(test, name, 8472)) {
          Namespaces.inside(stranger, "socat", "-u", "STDIN", "UDP:" + address + ":8472")
              .run("stranger\n");
          Awaitility.await().until(() -> sink.count("stranger") == 1);
        }
        assertThat(test.pings(name, "172.26.50.99")).isTrue();
      }
    } finally {
      Program.of("ip", "netns", "del", stranger).run();
    }
  }
}

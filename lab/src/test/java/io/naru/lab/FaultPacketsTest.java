package io.naru.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.lab.LabStatus.FaultStatus;
import io.naru.lab.fault.DirectRouteRefused;
import io.naru.lab.fault.Fault;
import io.naru.lab.fault.MtuHole;
import io.naru.lab.fault.UnderlayAllUdpBlocked;
import io.naru.lab.fault.UnderlayLoss;
import io.naru.lab.fault.UnderlayNoPath;
import io.naru.lab.fault.UnderlayPortBlocked;
import io.naru.lab.fault.UnderlayReturnBlocked;
import io.naru.lab.topology.FirewallPolicy;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each fault drops what it says and nothing else, and counts it. */
class FaultPacketsTest {
  private static final String SECOND = "172.26.51.12";
  private static final String THIRD = "172.26.50.13";
  private static TestLab test;

  @BeforeAll
  static void up() {
    test = TestLab.up(3, 2, FirewallPolicy.OPEN);
  }

  @AfterAll
  static void down() {
    test.close();
  }

  @AfterEach
  void heal() {
    test.lab().heal(Optional.empty());
  }

  private static void inject(Fault fault, String from, String to) {
    test.lab().breakPath(fault, Optional.ofNullable(from), Optional.ofNullable(to));
  }

  private static long hits(Fault fault) {
    return test.lab().status().faults().stream()
        .filter(status -> status.fault().equals(fault.id()))
        .mapToLong(FaultStatus::hits)
        .sum();
  }

  /** Sends a datagram that must arrive. */
  private static void arrives(String from, String to, String address, int port, int bytes)
      throws Exception {
    try (var sink = new Packets.UdpSink(test, to, port)) {
      Packets.send(test, from, address, port, "arrives", bytes);
      Awaitility.await().until(() -> sink.count("arrives") == 1);
    }
  }

  /** Sends a datagram that the fault must drop, and count once. */
  private static void isDropped(
      Fault fault, String from, String to, String address, int port, int bytes) throws Exception {
    long before = hits(fault);
    try (var sink = new Packets.UdpSink(test, to, port)) {
      Packets.send(test, from, address, port, "dropped", bytes);
      Awaitility.await().until(() -> hits(fault) == before + 1);
      assertThat(sink.count("dropped")).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "node3, node1, 172.26.50.13, 172.26.50.11",
    "node3, node1, fd26:50::13, fd26:50::11",
    "node2, node1, 172.26.51.12, 172.26.50.11",
    "node2, node1, fd26:51::12, fd26:50::11",
  })
  void aBlockedPortStopsTheTunnelOneWay(String to, String from, String toAddress, String back)
      throws Exception {
    var fault = new UnderlayPortBlocked();
    inject(fault, from, to);
    isDropped(fault, from, to, toAddress, 8472, 100);
    arrives(from, to, toAddress, 8473, 100);
    arrives(to, from, back, 8472, 100);
    assertThat(Packets.connects(test, from, to, toAddress, 8472)).isTrue();
    test.lab().heal(Optional.of(fault));
    arrives(from, to, toAddress, 8472, 100);
  }

  @Test
  void aBlockedReturnStopsTheTunnelTheOtherWay() throws Exception {
    var fault = new UnderlayReturnBlocked();
    inject(fault, "node1", "node2");
    arrives("node1", "node2", SECOND, 8472, 100);
    isDropped(fault, "node2", "node1", "172.26.50.11", 8472, 100);
  }

  @Test
  void withoutUdpOnlyOtherProtocolsPass() throws Exception {
    var fault = new UnderlayAllUdpBlocked();
    inject(fault, null, null);
    isDropped(fault, "node1", "node2", SECOND, 9000, 100);
    isDropped(fault, "node3", "node1", "172.26.50.11", 8472, 100);
    assertThat(test.pings("node1", SECOND)).isTrue();
    assertThat(Packets.connects(test, "node1", "node3", THIRD, 8472)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"node2, 172.26.51.12", "node3, fd26:50::13"})
  void withoutAPathNothingPassesButTheServerAnswers(String to, String address) throws Exception {
    var fault = new UnderlayNoPath();
    inject(fault, "node1", to);
    assertThat(test.pings("node1", address)).isFalse();
    assertThat(hits(fault)).isEqualTo(2);
    assertThat(Packets.connects(test, "node1", "fabric", "172.26.50.1", 7003)).isTrue();
    test.lab().heal(Optional.empty());
    assertThat(test.pings("node1", address)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"10.244.1.1/32, 10.244.3.1/32", "fd44::1/128, fd44:3::1/128"})
  void aSourceCheckDropsPodAddressesOnly(String pod, String peer) throws Exception {
    String podAddress = pod.substring(0, pod.indexOf('/'));
    String peerAddress = peer.substring(0, peer.indexOf('/'));
    boolean ipv6 = pod.contains(":");
    configure("node1", "address replace %s dev lo".formatted(pod));
    configure("node3", "address replace %s dev lo".formatted(peer));
    configure("node1", "route replace %s via %s".formatted(peer, ipv6 ? "fd26:50::13" : THIRD));
    configure(
        "node3", "route replace %s via %s".formatted(pod, ipv6 ? "fd26:50::11" : "172.26.50.11"));
    assertThat(pingsFrom(podAddress, peerAddress)).isTrue();
    var fault = new DirectRouteRefused();
    inject(fault, "node1", "node3");
    assertThat(pingsFrom(podAddress, peerAddress)).isFalse();
    assertThat(hits(fault)).isEqualTo(2);
    assertThat(test.pings("node1", ipv6 ? "fd26:50::13" : THIRD)).isTrue();
    test.lab().heal(Optional.empty());

    inject(fault, null, null);
    assertThat(pingsFrom(podAddress, peerAddress)).isFalse();
    assertThat(hits(fault)).isEqualTo(2);
    assertThat(test.pings("node1", SECOND)).isTrue();
    assertThat(test.pings("node1", "2001:db8:100::10")).isTrue();
    assertThat(hits(fault)).isEqualTo(2);
  }

  private static void configure(String node, String line) {
    Namespaces.configure(test.lab().topology().node(node).namespace(), line + "\n");
  }

  private static boolean pingsFrom(String source, String address) {
    return test.exec(
                "node1", "ping", "-c", "2", "-i", "0.1", "-W", "1", "-n", "-I", source, address)
            .exitCode()
        == 0;
  }

  @ParameterizedTest
  @CsvSource({"172.26.51.12, 28", "fd26:51::12, 48"})
  void aHoleSwallowsLargeTunnelPackets(String address, int headers) throws Exception {
    var fault = new MtuHole();
    inject(fault, "node1", "node2");
    arrives("node1", "node2", address, 8472, 1428 - headers);
    isDropped(fault, "node1", "node2", address, 8472, 1429 - headers);
    arrives("node1", "node2", address, 8473, 1472 - 20);
  }

  /** A kernel may hand many segments over as one packet, which no wire would ever carry. */
  @Test
  void aHoleSparesSegmentsThatFit() throws Exception {
    var fault = new MtuHole();
    tunnel("node1", 1, THIRD);
    tunnel("node3", 3, "172.26.50.11");
    inject(fault, "node1", "node3");
    assertThat(bulkArrives()).isTrue();
    assertThat(hits(fault)).isZero();
    configure("node1", "link set vx mtu 1450");
    configure("node3", "link set vx mtu 1450");
    assertThat(bulkArrives()).isFalse();
    assertThat(hits(fault)).isPositive();
    configure("node1", "link del vx");
    configure("node3", "link del vx");
  }

  private static void tunnel(String node, int host, String peer) {
    configure(
        node,
        """
        link add vx mtu 1370 type vxlan id 7 remote %s dstport 8472 dev eth0
        link set vx up
        address add 10.99.0.%d/24 dev vx"""
            .formatted(peer, host));
  }

  private static boolean bulkArrives() throws Exception {
    Process listener =
        new ProcessBuilder(
                test.lab()
                    .execCommand(
                        "node3",
                        java.util.List.of(
                            "socat", "-u", "TCP-LISTEN:7010,reuseaddr", "OPEN:/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Awaitility.await()
          .until(
              () ->
                  test.exec("node3", "ss", "-Htln", "sport", "=", ":7010")
                      .output()
                      .contains(":7010"));
      return test.exec(
                  "node1",
                  "timeout",
                  "3",
                  "socat",
                  "-u",
                  "OPEN:/dev/zero,readbytes=20000000",
                  "TCP:10.99.0.3:7010")
              .exitCode()
          == 0;
    } finally {
      listener.descendants().forEach(ProcessHandle::destroyForcibly);
      listener.destroyForcibly();
    }
  }

  @Test
  void lossIsAboutAFifth() {
    var fault = new UnderlayLoss();
    inject(fault, "node1", "node2");
    int sent = 1000;
    String output =
        test.exec("node1", "ping", "-f", "-q", "-c", "" + sent, "-W", "1", "-n", SECOND).output();
    // With 1000 trials at 20 % the bounds are more than five standard deviations away.
    assertThat(hits(fault)).as(output).isBetween(130L, 270L);
  }

  @Test
  void severalStandAtOnceAndKeepTheirHits() throws Exception {
    var blocked = new UnderlayPortBlocked();
    var noPath = new UnderlayNoPath();
    inject(blocked, "node1", "node2");
    isDropped(blocked, "node1", "node2", SECOND, 8472, 100);
    inject(noPath, "node1", "node3");
    assertThat(test.pings("node1", THIRD)).isFalse();
    assertThat(hits(blocked)).isEqualTo(1);
    test.lab().heal(Optional.of(noPath));
    assertThat(hits(blocked)).isEqualTo(1);
    assertThat(test.lab().status().faults()).hasSize(1);
    assertThat(test.pings("node1", THIRD)).isTrue();
    inject(blocked, "node1", "node3");
    assertThat(test.lab().status().faults()).hasSize(2);
    test.lab().heal(Optional.of(blocked));
    assertThat(test.lab().status().faults()).isEmpty();
  }

  @Test
  void mistakesAreNamed() {
    var fault = new UnderlayLoss();
    assertThatThrownBy(() -> inject(fault, "node8", null)).hasMessageContaining("no node 'node8'");
    assertThatThrownBy(() -> test.lab().heal(Optional.of(fault)))
        .hasMessageContaining("does not stand");
    inject(fault, "node1", null);
    assertThatThrownBy(() -> inject(fault, "node1", null)).hasMessageContaining("stands already");
  }
}

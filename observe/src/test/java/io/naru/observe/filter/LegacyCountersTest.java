package io.naru.observe.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.CountedDrop;
import io.naru.core.diagnosis.OtherFilters.AttachedProgram;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.route.RouteNetlink;
import io.naru.observe.OwnNamespace;
import io.naru.observe.program.BriefProgram;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In a namespace of its own, with the host's real programs. */
class LegacyCountersTest {
  private final OwnNamespace own = OwnNamespace.create();
  private final NetworkNamespace namespace = own.namespace();

  @BeforeEach
  void create() {
    run("ip", "link", "set", "lo", "up");
  }

  @AfterEach
  void remove() {
    own.close();
  }

  private void run(String... command) {
    assertThat(namespace.call(() -> BriefProgram.output(List.of(command))))
        .as(String.join(" ", command))
        .isPresent();
  }

  private void send(int port) throws IOException {
    namespace.call(
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(
                new DatagramPacket(new byte[8], 8, InetAddress.getByName("127.0.0.1"), port));
          }
          return port;
        });
  }

  @Test
  void nothingIsSaidWhereNoTableIsLoaded() {
    LegacyCounters counters = namespace.call(LegacyCounters::read);
    assertThat(counters.tables()).isEmpty();
    assertThat(counters.unread()).isEmpty();
  }

  @Test
  void aRuleThatDroppedMeanwhileIsNamedAndOneThatDidNotIsNot() throws IOException {
    run("iptables-legacy", "-A", "INPUT", "-p", "udp", "--dport", "8472", "-j", "DROP");
    run("iptables-legacy", "-A", "INPUT", "-p", "udp", "--dport", "53", "-j", "DROP");
    send(53);
    LegacyCounters before = namespace.call(LegacyCounters::read);
    assertThat(before.tables()).containsExactly("iptables-legacy filter");
    send(8472);
    send(8472);
    List<CountedDrop> drops = namespace.call(LegacyCounters::read).since(before);
    assertThat(drops).hasSize(1);
    assertThat(drops.getFirst().packets()).isEqualTo(2);
    assertThat(drops.getFirst().rule().rule()).isEqualTo("-p udp -m udp --dport 8472 -j DROP");
    assertThat(drops.getFirst().rule().hook()).isEqualTo("in");
  }

  @Test
  void aFilterOfTcIsFound() {
    run("ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1");
    run("tc", "qdisc", "add", "dev", "v0", "clsact");
    run(
        "tc",
        "filter",
        "add",
        "dev",
        "v0",
        "ingress",
        "pref",
        "7",
        "bpf",
        "bytecode",
        "1,6 0 0 0,");
    List<String> unread = new ArrayList<>();
    List<AttachedProgram> found =
        namespace.call(
            () -> {
              try (RouteNetlink netlink = RouteNetlink.open()) {
                return FilterPrograms.on(netlink, List.of("v0", "v1"), unread);
              }
            });
    assertThat(unread).isEmpty();
    assertThat(found).containsExactly(new AttachedProgram("v0", "tc ingress filter", "bpf pref 7"));
  }
}

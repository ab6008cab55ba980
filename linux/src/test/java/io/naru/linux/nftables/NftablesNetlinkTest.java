package io.naru.linux.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.naru.core.address.IpAddress;
import io.naru.linux.TestNamespace;
import io.naru.linux.call.KernelException;
import io.naru.linux.netlink.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NftablesNetlinkTest {
  private static final String TABLE =
      """
      table inet naru_test {
        set four { type ipv4_addr; counter; elements = { 10.0.0.1, 10.0.0.2 }; }
        set six { type ipv6_addr; elements = { fd00::1 }; }
        chain out { type filter hook output priority 0; ip daddr @four; }
      }
      """;

  @Test
  void elementsAreReadWithWhatTheyCounted() {
    try (TestNamespace test = new TestNamespace();
        NftablesNetlink netlink = test.namespace().call(NftablesNetlink::open)) {
      test.namespace().run(() -> Nftables.apply(TABLE));
      test.run(
          "sh",
          "-c",
          "ip link set lo up && ip addr add 10.0.0.1/32 dev lo && ping -c 3 -i 0.01 -q 10.0.0.1");

      Map<IpAddress, Long> four = netlink.elements("naru_test", "four").orElseThrow();
      assertThat(four)
          .containsOnlyKeys(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"))
          .containsEntry(IpAddress.parse("10.0.0.2"), 0L);
      assertThat(four.get(IpAddress.parse("10.0.0.1"))).isGreaterThanOrEqualTo(3);
      assertThat(netlink.elements("naru_test", "six").orElseThrow())
          .isEqualTo(Map.of(IpAddress.parse("fd00::1"), 0L));
      assertThat(netlink.elements("naru_test", "none")).isEmpty();
      assertThat(netlink.elements("no_table", "four")).isEmpty();
    }
  }

  @Test
  void thousandsOfElementsAreReadWhole() {
    String elements =
        IntStream.range(0, 5000)
            .mapToObj(i -> "10." + i / 250 + "." + i % 250 + ".0")
            .collect(Collectors.joining(", "));
    try (TestNamespace test = new TestNamespace();
        NftablesNetlink netlink = test.namespace().call(NftablesNetlink::open)) {
      test.namespace()
          .run(
              () ->
                  Nftables.apply(TABLE + "add element inet naru_test four { " + elements + " }\n"));
      awaitElements(netlink, 5002);
    }
  }

  private static SetElement element(String set, String address) {
    return new SetElement(
        set, Payload.of(IpAddress.parse(address).toBytes()), new SetElement.Value.Nothing());
  }

  @Test
  void elementsOfSeveralSetsChangeAllAtOnce() {
    try (TestNamespace test = new TestNamespace();
        NftablesNetlink netlink = test.namespace().call(NftablesNetlink::open)) {
      test.namespace().run(() -> Nftables.apply(TABLE));
      int before = netlink.generation();
      netlink.change(
          "naru_test",
          List.of(element("four", "10.0.0.1")),
          List.of(element("four", "10.0.0.3"), element("six", "fd00::2")));
      assertThat(netlink.generation()).isEqualTo(before + 1);
      assertThat(netlink.elements("naru_test", "four").orElseThrow().keySet())
          .containsExactlyInAnyOrder(IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.3"));
      assertThat(netlink.elements("naru_test", "six").orElseThrow()).hasSize(2);
    }
  }

  @Test
  void elementsAreReadAsTheyWereWritten() {
    String table =
        """
        table inet naru_test {
          chain taken { }
          map verdicts { type inet_proto . inet_service : verdict; }
          map ports { type inet_proto . inet_service : inet_service; }
        }
        """;
    Payload key = Payload.of(new byte[] {6, 0, 0, 0, 0, 80, 0, 0});
    Payload other = Payload.of(new byte[] {17, 0, 0, 0, 0, 53, 0, 0});
    List<SetElement> written =
        List.of(
            new SetElement("verdicts", key, new SetElement.Value.Chain("taken")),
            new SetElement("verdicts", other, new SetElement.Value.Drop()),
            new SetElement(
                "ports", key, new SetElement.Value.Bytes(Payload.of(new byte[] {31, -112}))));
    try (TestNamespace test = new TestNamespace();
        NftablesNetlink netlink = test.namespace().call(NftablesNetlink::open)) {
      test.namespace().run(() -> Nftables.apply(table));
      netlink.change("naru_test", List.of(), written);
      List<SetElement> read = new ArrayList<>(netlink.allElements("naru_test", "verdicts"));
      read.addAll(netlink.allElements("naru_test", "ports"));
      assertThat(read).containsExactlyInAnyOrderElementsOf(written);
      test.run("sh", "-c", "nft list map inet naru_test ports | grep 'tcp . 80 : 8080'");
      assertThatThrownBy(() -> netlink.allElements("naru_test", "none"))
          .isInstanceOfSatisfying(
              KernelException.class, refused -> assertThat(refused.isAbsent()).isTrue());
    }
  }

  @Test
  void whereOneElementIsRefusedNothingChanges() {
    try (TestNamespace test = new TestNamespace();
        NftablesNetlink netlink = test.namespace().call(NftablesNetlink::open)) {
      test.namespace().run(() -> Nftables.apply(TABLE));
      int before = netlink.generation();
      assertThatThrownBy(
              () ->
                  netlink.change(
                      "naru_test",
                      List.of(element("four", "10.9.9.9")),
                      List.of(element("six", "fd00::2"))))
          .isInstanceOfSatisfying(
              KernelException.class,
              refused -> {
                assertThat(refused.isAbsent()).isTrue();
                assertThat(refused.sentence())
                    .contains("delete elements of the nftables set four of table naru_test");
              });
      assertThatThrownBy(
              () -> netlink.change("naru_test", List.of(), List.of(element("six", "10.0.0.1"))))
          .isInstanceOf(KernelException.class)
          .hasMessageContaining("add elements to the nftables set six");
      assertThat(netlink.generation()).isEqualTo(before);
      assertThat(netlink.elements("naru_test", "six").orElseThrow()).hasSize(1);
      // What was refused leaves nothing in the socket that the next could take for its own.
      netlink.change("naru_test", List.of(), List.of(element("six", "fd00::2")));
      assertThat(netlink.elements("naru_test", "six").orElseThrow()).hasSize(2);
    }
  }

  @Test
  void aTableThatIsNotThereIsAbsent() {
    try (TestNamespace test = new TestNamespace();
        NftablesNetlink netlink = test.namespace().call(NftablesNetlink::open)) {
      assertThatThrownBy(
              () -> netlink.change("none", List.of(), List.of(element("six", "fd00::2"))))
          .isInstanceOfSatisfying(
              KernelException.class, refused -> assertThat(refused.isAbsent()).isTrue());
    }
  }

  @Test
  void moreElementsThanAMachineLetsThroughAtOnceAreAddedAtOnce() {
    List<SetElement> many =
        IntStream.range(0, 30_000)
            .mapToObj(i -> element("four", "10.1." + i / 250 + "." + i % 250))
            .toList();
    try (TestNamespace test = new TestNamespace();
        NftablesNetlink netlink = test.namespace().call(NftablesNetlink::open)) {
      test.namespace().run(() -> Nftables.apply(TABLE));
      int before = netlink.generation();
      netlink.change("naru_test", List.of(), many);
      assertThat(netlink.generation()).isEqualTo(before + 1);
      awaitElements(netlink, 30_002);
      netlink.change("naru_test", many, List.of());
      assertThat(netlink.elements("naru_test", "four").orElseThrow()).hasSize(2);
    }
  }

  /** The kernel's table grows in the background, and a reading meanwhile may leave some out. */
  private static void awaitElements(NftablesNetlink netlink, int count) {
    await().until(() -> netlink.elements("naru_test", "four").orElseThrow().size() == count);
  }

  @Test
  void everyTransactionOfAnyoneMovesTheGenerationByOne() {
    try (TestNamespace test = new TestNamespace();
        NftablesNetlink netlink = test.namespace().call(NftablesNetlink::open)) {
      int before = netlink.generation();
      assertThat(netlink.generation()).isEqualTo(before);
      test.namespace().run(() -> Nftables.apply(TABLE));
      assertThat(netlink.generation()).isEqualTo(before + 1);
      test.run("sh", "-c", "nft add element inet naru_test four { 10.0.0.3 }");
      assertThat(netlink.generation()).isEqualTo(before + 2);
    }
  }

  @Test
  void changesAreToldWithTheirTableAndTheGenerationTheyMade() throws Exception {
    try (TestNamespace test = new TestNamespace();
        NftablesNetlink netlink = test.namespace().call(NftablesNetlink::open);
        NftablesEvents events = test.namespace().call(NftablesEvents::open)) {
      List<NftablesEvent> told = new CopyOnWriteArrayList<>();
      Thread reader = Thread.ofPlatform().daemon().start(() -> events.forEach(told::add));
      test.run(
          "sh", "-c", "nft add table inet one && nft add set inet one s '{ type ipv4_addr; }'");
      int made = netlink.generation();
      await().until(() -> told.contains(new NftablesEvent.OfTable("one", made)));
      test.run("sh", "-c", "nft add element inet one s { 10.0.0.3 }");
      await().until(() -> told.contains(new NftablesEvent.OfElements("one", made + 1)));
      events.close();
      reader.join();
    }
  }
}

package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What someone changes in our packet filter, and in others' chains what is ours. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilterRepairTest {
  private RepairedNode node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node = new RepairedNode(directory);
    node.run(
        "nft 'table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; tcp dport 22 accept; }; }'");
    node.start();
  }

  @BeforeEach
  void settle() {
    node.settle();
  }

  @AfterAll
  void close() {
    node.close();
  }

  /** Changes the first rule of a chain. */
  private static String rule(String verb, String chain, String rule) {
    String handle =
        "$(nft -a list chain %s | grep handle | grep -v chain | head -1 | sed 's/.*handle //')"
            .formatted(chain);
    return "nft " + verb + " rule " + chain + " handle " + handle + " " + rule;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nft delete table inet naru",
        "nft flush table inet naru",
        "nft flush chain inet naru postrouting_nat",
        "nft flush chain inet naru count_sent",
        "nft add rule inet naru count_sent drop",
        "nft insert rule inet naru postrouting_nat accept",
        "nft add chain inet naru theirs",
        "nft add set inet naru theirs '{ type ipv4_addr; }'",
        "nft 'chain inet naru postrouting_nat { policy drop; }'",
        "nft add element inet naru vxlan_sent4 '{ 192.0.2.1 }'",
        "nft delete element inet naru vxlan_sent4 '{ 172.26.51.12 }'",
        "nft delete element inet naru direct_received6_64 '{ fd44:0:0:3:: }'",
        "nft add element inet naru direct_received6_64 '{ fd44:0:0:99:: }'",
        "nft flush set inet naru vxlan_received4",
        "nft flush set inet naru direct_sent4_24",
      })
  void ourTable(String command) {
    node.isRepairedAfter(command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"postrouting_nat", "count_sent", "count_received"})
  void aRuleThatIsDeletedOrReplaced(String chain) {
    node.isRepairedAfter(rule("delete", "inet naru " + chain, ""));
    node.settle();
    node.isRepairedAfter(rule("replace", "inet naru " + chain, "accept"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for h in $(nft -a list chain ip filter FORWARD | grep naru | sed 's/.*handle //'); do nft delete rule ip filter FORWARD handle $h; done",
        "nft delete rule ip filter FORWARD handle $(nft -a list chain ip filter FORWARD | grep naru | tail -1 | sed 's/.*handle //')",
        "nft replace rule ip filter FORWARD handle $(nft -a list chain ip filter FORWARD | grep naru | head -1 | sed 's/.*handle //') drop comment '\"naru: pods may pass\"'",
      })
  void ourAcceptsInAForeignChain(String command) {
    node.isRepairedAfter(command);
  }

  @Test
  void aFirewallThatStartsLaterGetsOurAccepts() {
    node.run(
        "nft 'table inet later { chain forward { type filter hook forward priority 5; policy drop; }; }'");
    await().until(() -> node.run("nft list table inet later").contains("naru: pods may pass"));
    node.run("nft delete table inet later");
    node.settle();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nft flush chain inet naru postrouting_nat",
        "nft add rule inet naru count_sent drop",
        "nft delete element inet naru vxlan_sent4 '{ 172.26.51.12 }'",
        "nft add element inet naru vxlan_sent4 '{ 192.0.2.1 }'",
        "nft flush chain ip filter FORWARD",
      })
  void whatIsDoneWhileTheAgentIsDownIsUndoneAtItsStart(String command) {
    List<String> before = node.state();
    node.stop();
    node.run(command);
    node.start();
    String expected = String.join("\n", before).replace("tcp dport 22 accept", "");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        String.join("\n", node.state())
                            .replace("tcp dport 22 accept", "")
                            .replaceAll("\n+", "\n"))
                    .isEqualTo(expected.replaceAll("\n+", "\n")));
  }
}

package io.naru.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.NodeView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other people's firewalls that drop forwarded packets: pods pass, the rest is theirs. */
class FilterTablesTest {
  private static final NodeView VIEW =
      TestCluster.view(
          TransportPolicy.AUTO, TestCluster.node(1, 0), List.of(TestCluster.node(2, 1)));

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

  private void firewall(String family, String table, String chain, String policy, String last) {
    String hook = chain.toLowerCase(Locale.ROOT).contains("input") ? "input" : "forward";
    kernel.run(
        "nft add table %1$s %2$s && nft 'add chain %1$s %2$s %3$s { type filter hook %6$s priority 0; policy %4$s; }' && nft add rule %1$s %2$s %3$s %5$s"
            .formatted(family, table, chain, policy, last, hook));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip | filter | FORWARD | drop | tcp dport 22 accept",
        "ip6 | filter | FORWARD | drop | tcp dport 22 accept",
        "inet | ufw | forward | drop | tcp dport 22 accept",
        "inet | firewalld | filter_FORWARD | accept | reject with icmpx admin-prohibited",
      })
  void podsPassWhereAnotherFirewallDrops(
      String family, String table, String chain, String policy, String last) {
    firewall(family, table, chain, policy, last);
    isPassedOnlyWhileNaruIsThere(
        family, table, chain, last, List.of("meta mark & 0x10000000 == 0x10000000"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip | filter | INPUT | drop | tcp dport 22 accept | 4",
        "ip6 | filter | INPUT | drop | tcp dport 22 accept | 6",
        "inet | mine | input | drop | tcp dport 22 accept | 46",
        "inet | firewalld | filter_INPUT | accept | reject with icmpx admin-prohibited | 46",
      })
  void podsMayAskForNamesWhereAnotherFirewallDropsWhatComesIn(
      String family, String table, String chain, String policy, String last, String families) {
    firewall(family, table, chain, policy, last);
    List<String> ipv4 =
        Stream.of("udp", "tcp")
            .map(
                "iifname \"naru*\" ip saddr 10.244.1.0/24 ip daddr 169.254.20.10 %s dport 53"
                    ::formatted)
            .toList();
    List<String> ipv6 =
        Stream.of("udp", "tcp")
            .map(
                "iifname \"naru*\" ip6 saddr fd44:0:0:1::/64 ip6 daddr fd00:6e61:7275::53 %s dport 53"
                    ::formatted)
            .toList();
    isPassedOnlyWhileNaruIsThere(
        family,
        table,
        chain,
        last,
        Stream.of(ipv4, ipv6)
            .filter(rules -> families.contains(rules.equals(ipv4) ? "4" : "6"))
            .flatMap(List::stream)
            .toList());
  }

  private void isPassedOnlyWhileNaruIsThere(
      String family, String table, String chain, String last, List<String> wanted) {
    String list = "nft list chain " + family + " " + table + " " + chain;
    String before = kernel.run(list);

    assertThat(kernel.pass(VIEW)).isEmpty();
    List<String> rules =
        kernel.run(list).lines().map(String::strip).filter(l -> !l.contains("hook")).toList();
    for (int i = 0; i < wanted.size(); i++) {
      assertThat(rules.get(2 + i)).startsWith(wanted.get(i) + " counter").contains(" accept ");
    }
    assertThat(rules.get(2 + wanted.size())).startsWith(last);
    assertThat(kernel.plan(VIEW).text()).as("a second pass").isEmpty();

    assertThat(kernel.apply(kernel.cleaning())).isEmpty();
    assertThat(kernel.run(list)).isEqualTo(before);
  }

  @Test
  void eachOfOurRulesThatIsRemovedComesBack() {
    firewall("ip", "filter", "FORWARD", "drop", "tcp dport 22 accept");
    firewall("ip", "filter", "INPUT", "drop", "tcp dport 22 accept");
    assertThat(kernel.pass(VIEW)).isEmpty();
    String before = kernel.run("nft list table ip filter");
    for (String rule : List.of("FORWARD 1", "INPUT 1", "INPUT 2")) {
      String chain = rule.split(" ")[0];
      kernel.run(
          "nft -a list chain ip filter %1$s | grep naru: | sed -n '%2$sp' | sed 's/.*handle //' | xargs -I{} nft delete rule ip filter %1$s handle {}"
              .formatted(chain, rule.split(" ")[1]));
      assertThat(kernel.plan(VIEW).text()).contains("in nft chain ip filter " + chain);
      assertThat(kernel.pass(VIEW)).isEmpty();
      assertThat(kernel.run("nft list table ip filter")).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete rule ip filter INPUT handle %s",
        "replace rule ip filter INPUT handle %s drop comment '\"naru: pods may pass\"'",
        "replace rule ip filter INPUT handle %s iifname 'naru*' ip saddr 10.244.1.0/24 ip daddr != 169.254.20.10 udp dport 53 accept comment '\"naru: pods may pass\"'",
        "replace rule ip filter INPUT handle %s iifname 'naru*' ip saddr 10.244.1.0/24 ip daddr 169.254.20.10 udp dport 53 drop comment '\"naru: pods may pass\"'",
      })
  void ourRuleForNamesComesBackAsItWas(String harm) {
    firewall("ip", "filter", "INPUT", "drop", "tcp dport 22 accept");
    assertThat(kernel.pass(VIEW)).isEmpty();
    String before = kernel.run("nft list chain ip filter INPUT");
    String handle =
        kernel
            .run("nft -a list chain ip filter INPUT | grep 'udp dport 53' | sed 's/.*handle //'")
            .strip();
    kernel.run("nft " + harm.formatted(handle));
    assertThat(kernel.plan(VIEW).text())
        .contains("accept of pods' questions for names in nft chain ip filter INPUT");
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.run("nft list chain ip filter INPUT")).isEqualTo(before);
  }

  /** Else a person who uses iptables could not see, save or change the chain any more. */
  @Test
  void iptablesReadsAndChangesChainsWithOurRules() {
    kernel.run("iptables-nft -P INPUT DROP && iptables-nft -A INPUT -p tcp --dport 22 -j ACCEPT");
    kernel.run("iptables-nft -P FORWARD DROP && iptables-nft -A FORWARD -i docker0 -j ACCEPT");
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.run("iptables-nft-save -t filter"))
        .contains("-A FORWARD -m mark --mark 0x10000000/0x10000000")
        .contains("-A FORWARD -i docker0 -j ACCEPT");
    kernel.run("iptables-nft -C FORWARD -i docker0 -j ACCEPT");
    assertThat(kernel.run("iptables-nft -S INPUT"))
        .contains("-i naru+ -p udp -m udp --dport 53")
        .contains("-i naru+ -p tcp -m tcp --dport 53");
    kernel.run("iptables-nft -D INPUT -p tcp --dport 22 -j ACCEPT");
    assertThat(kernel.run("iptables-nft -S INPUT")).doesNotContain("--dport 22");
    assertThat(kernel.plan(VIEW).text()).isEmpty();
  }

  /** As netfilter-persistent does at the host's next start: comments come back otherwise. */
  @Test
  void ourRulesThatIptablesRestoredAreOursAndNotThereTwice() {
    kernel.run("iptables-nft -P INPUT DROP && iptables-nft -P FORWARD DROP");
    kernel.run("iptables-nft -A FORWARD -i naru+ -m comment --comment mine -j ACCEPT");
    String without = kernel.run("iptables-nft-save -t filter | grep '^-A'");
    assertThat(kernel.pass(VIEW)).isEmpty();
    String before = kernel.run("iptables-nft-save -t filter | grep '^-A'");
    kernel.run("iptables-nft-save | iptables-nft-restore");
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.run("iptables-nft-save -t filter | grep '^-A'")).isEqualTo(before);
    kernel.run("iptables-nft-save | iptables-nft-restore");
    assertThat(kernel.apply(kernel.cleaning())).isEmpty();
    assertThat(kernel.run("iptables-nft-save -t filter | grep '^-A'")).isEqualTo(without);
  }

  @Test
  void aChainThatDropsNoMoreLosesOurRulesAndKeepsItsOwn() {
    firewall("ip", "filter", "FORWARD", "drop", "tcp dport 22 accept");
    assertThat(kernel.pass(VIEW)).isEmpty();
    kernel.run("nft 'chain ip filter FORWARD { policy accept; }'");
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.run("nft list chain ip filter FORWARD"))
        .doesNotContain("naru")
        .contains("tcp dport 22 accept");
    assertThat(kernel.plan(VIEW).text()).isEmpty();
  }

  @Test
  void aChainThatAcceptsIsLeftAlone() {
    firewall("ip", "filter", "FORWARD", "accept", "tcp dport 22 accept");
    firewall("ip", "filter", "INPUT", "accept", "tcp dport 22 accept");
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.run("nft list table ip filter")).doesNotContain("naru");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nft delete element inet naru vxlan_sent4 { 172.26.51.12 } | + nft element 172.26.51.12 of set vxlan_sent4",
        "nft add element inet naru vxlan_sent4 { 192.0.2.9 } | - nft element 192.0.2.9 of set vxlan_sent4",
        "nft flush set inet naru vxlan_received4 | + nft element 172.26.51.12 of set vxlan_received4",
        "nft add rule inet naru count_sent drop | ~ nft table inet naru",
        "nft flush chain inet naru postrouting_nat | ~ nft table inet naru",
        "nft flush table inet naru | ~ nft table inet naru",
        "nft delete table inet naru | + nft table inet naru",
        "nft add chain inet naru extra | ~ nft table inet naru",
        "nft add set inet naru ports { type inet_service; elements = { 22 }; } | ~ nft table inet naru",
      })
  void whatSomebodyAltersInOurTableIsSetRight(String alteration, String repair) {
    assertThat(kernel.pass(VIEW)).isEmpty();
    String before = kernel.run("nft -s list table inet naru");
    kernel.run(alteration.replace("{", "'{").replace("}", "}'"));
    assertThat(kernel.plan(VIEW).text()).contains(repair);
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.run("nft -s list table inet naru")).isEqualTo(before);
    assertThat(kernel.plan(VIEW).text()).isEmpty();
  }

  @Test
  void whatWasAlteredWhileThereWasNoAgentIsSetRight() {
    assertThat(kernel.pass(VIEW)).isEmpty();
    String before = kernel.run("nft -s list table inet naru");
    kernel.restart();
    assertThat(kernel.plan(VIEW).text()).as("nothing was altered").isEmpty();
    kernel.run("nft insert rule inet naru count_sent drop");
    kernel.restart();
    assertThat(kernel.plan(VIEW).text()).contains("~ nft table inet naru");
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.run("nft -s list table inet naru")).isEqualTo(before);
  }

  @Test
  void aRecordThatIsLostOrDamagedCostsOnlyANewTable() throws Exception {
    assertThat(kernel.pass(VIEW)).isEmpty();
    Files.writeString(FilterTables.file(directory), "{\"fingerprint\":");
    kernel.restart();
    assertThat(kernel.pass(VIEW)).isEmpty();
    kernel.restart();
    assertThat(kernel.plan(VIEW).text()).isEmpty();
  }

  @Test
  void aRulesetThatNobodyChangesIsNotReadAgain() {
    assertThat(kernel.pass(VIEW)).isEmpty();
    FilterTables.Reading first = kernel.filters();
    assertThat(kernel.filters()).isSameAs(first);
    kernel.run("nft add table inet other");
    assertThat(kernel.filters()).isNotSameAs(first);
  }
}

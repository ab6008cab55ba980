package io.naru.core.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose rule it is, and what to type there. */
class FirewallRemedyTest {
  private static final String BY_PORT = "udp dport 8472 counter drop";

  private static RuleDrop drop(String chain, String hook, String rule, String... passed) {
    Optional<String> handle = rule.equals(RuleDrop.POLICY) ? Optional.empty() : Optional.of("7");
    return new RuleDrop(chain, hook, rule, handle, "", "", List.of(passed));
  }

  private static String tunnel(RuleDrop drop) {
    return new FirewallRemedy("node2", drop).tunnel("eth0", 8472, "192.0.2.1").command();
  }

  private static String pods(RuleDrop drop) {
    return new FirewallRemedy("node2", drop)
        .pods(List.of("10.244.0.0/16", "fd00:244::/48"))
        .command();
  }

  @ParameterizedTest
  @CsvSource({
    "inet firewalld filter_IN_public_deny, FIREWALLD",
    "iptables-legacy filter IN_public_deny, FIREWALLD",
    "ip filter ufw-user-input, UFW",
    "ip6 filter ufw6-user-forward, UFW",
    "ip filter DOCKER-ISOLATION-STAGE-2, DOCKER",
    "ip docker-bridges filter-FORWARD, DOCKER",
    "ip filter CILIUM_FORWARD, CILIUM",
    "ip filter cali-tw-cali1234, CALICO",
    "ip calico filter-cali-FORWARD, CALICO",
    "ip filter KUBE-POD-FW-ABC, KUBE_ROUTER",
    "ip filter KUBE-FORWARD, KUBE_PROXY",
    "ip6 kube-proxy filter-forward, KUBE_PROXY",
    "ip filter FORWARD, IPTABLES",
    "ip filter LOGDROP, IPTABLES",
    "ip6tables-legacy raw PREROUTING, IPTABLES",
    "ip filter input, NFTABLES",
    "inet filter INPUT, NFTABLES",
    "inet web forward, NFTABLES",
    "bridge, NFTABLES"
  })
  void chainsTellWhoseTheyAre(String chain, FirewallOwner owner) {
    assertThat(FirewallOwner.of(drop(chain, "in", BY_PORT))).isEqualTo(owner);
  }

  @Test
  void aPolicyIsOfThoseWhoseChainsThePacketPassedBefore() {
    RuleDrop docker =
        drop("ip filter FORWARD", "through", RuleDrop.POLICY, "ip filter DOCKER-USER");
    assertThat(FirewallOwner.of(docker)).isEqualTo(FirewallOwner.DOCKER);
    assertThat(pods(docker))
        .isEqualTo(
            "iptables -I DOCKER-USER -s 10.244.0.0/16 -j ACCEPT && "
                + "iptables -I DOCKER-USER -d 10.244.0.0/16 -j ACCEPT");
    RuleDrop ufw = drop("ip filter INPUT", "in", RuleDrop.POLICY, "ip filter ufw-before-input");
    assertThat(FirewallOwner.of(ufw)).isEqualTo(FirewallOwner.UFW);
    RuleDrop elsewhere =
        drop("ip filter INPUT", "in", RuleDrop.POLICY, "ip6 filter ufw6-before-input");
    assertThat(FirewallOwner.of(elsewhere)).isEqualTo(FirewallOwner.IPTABLES);
  }

  @Test
  void firewalldIsToldByItsZone() {
    assertThat(tunnel(drop("inet firewalld filter_IN_public_deny", "in", BY_PORT)))
        .isEqualTo(
            "firewall-cmd --permanent --zone=public --add-port=8472/udp && firewall-cmd --reload");
    assertThat(
            tunnel(
                drop(
                    "inet firewalld filter_INPUT",
                    "in",
                    "reject with icmpx admin-prohibited",
                    "inet firewalld filter_INPUT_ZONES",
                    "inet firewalld filter_IN_dmz",
                    "inet firewalld filter_IN_dmz_allow")))
        .contains("--zone=dmz ");
    assertThat(tunnel(drop("inet firewalld filter_INPUT", "in", "drop")))
        .contains("--zone=\"$(firewall-cmd --get-zone-of-interface=eth0)\" ");
    assertThat(pods(drop("inet firewalld filter_FORWARD", "through", "drop")))
        .isEqualTo(
            "firewall-cmd --permanent --zone=trusted --add-source=10.244.0.0/16 && firewall-cmd"
                + " --permanent --zone=trusted --add-source=fd00:244::/48 && firewall-cmd"
                + " --reload");
  }

  @Test
  void ufwIsToldInItsOwnWords() {
    assertThat(tunnel(drop("ip filter ufw-user-input", "in", BY_PORT)))
        .isEqualTo("ufw allow proto udp from 192.0.2.1 to any port 8472");
    assertThat(tunnel(drop("ip filter ufw-user-output", "out", BY_PORT)))
        .isEqualTo("ufw allow out proto udp to 192.0.2.1 port 8472");
    assertThat(pods(drop("ip filter ufw-reject-forward", "through", BY_PORT)))
        .contains("ufw route allow from 10.244.0.0/16 && ufw route allow to 10.244.0.0/16");
  }

  @Test
  void iptablesDeletesWhatItWroteWhereThatCanBeSaid() {
    assertThat(tunnel(drop("ip filter INPUT", "in", BY_PORT)))
        .isEqualTo("iptables -D INPUT -p udp --dport 8472 -j DROP");
    assertThat(
            tunnel(
                drop(
                    "ip6 raw PREROUTING",
                    "in",
                    "iifname \"eth0\" meta l4proto udp ip6 saddr fd00::/8  ct state invalid"
                        + " counter drop comment \"no more\"")))
        .isEqualTo(
            "ip6tables -t raw -D PREROUTING -i eth0 -p udp -s fd00::/8 -m conntrack --ctstate"
                + " INVALID -j DROP -m comment --comment \"no more\"");
    assertThat(tunnel(drop("ip filter INPUT", "in", "xt match string counter drop")))
        .isEqualTo("nft delete rule ip filter INPUT handle 7");
    assertThat(tunnel(drop("ip filter INPUT", "in", "counter drop comment \"$(reboot)\"")))
        .isEqualTo("nft delete rule ip filter INPUT handle 7");
    assertThat(tunnel(drop("ip filter INPUT", "in", RuleDrop.POLICY)))
        .isEqualTo("iptables -I INPUT -p udp -s 192.0.2.1 --dport 8472 -j ACCEPT");
    assertThat(pods(drop("ip6 filter FORWARD", "through", RuleDrop.POLICY)))
        .isEqualTo(
            "ip6tables -I FORWARD -s fd00:244::/48 -j ACCEPT && "
                + "ip6tables -I FORWARD -d fd00:244::/48 -j ACCEPT");
  }

  @Test
  void legacyRulesAreDeletedByTheirOwnProgram() {
    RuleDrop legacy =
        new RuleDrop(
            "iptables-legacy filter INPUT",
            "in",
            "-p udp -m udp --dport 8472 -j DROP",
            Optional.empty(),
            "",
            "");
    assertThat(tunnel(legacy))
        .isEqualTo("iptables-legacy -D INPUT -p udp -m udp --dport 8472 -j DROP");
    assertThat(pods(drop("ip6tables-legacy filter FORWARD", "through", RuleDrop.POLICY)))
        .startsWith("ip6tables-legacy -I FORWARD -s fd00:244::/48 -j ACCEPT");
  }

  private static RuleDrop legacy(String rule) {
    return new RuleDrop(
        "iptables-legacy filter FORWARD", "through", rule, Optional.empty(), "", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-j DROP; reboot",
        "-j DROP\nreboot",
        "-j DROP | sh",
        "-j DROP & reboot",
        "-j $(reboot)",
        "-j `reboot`",
        "-j DROP > /etc/passwd",
        "-m comment --comment \"a\" -j DROP",
        "-m comment --comment 'a' -j DROP",
        "-j DROP \\",
        "-s * -j DROP",
        "-j DROP --modprobe=/tmp/own",
        "-j DROP --modp /tmp/own",
        "-j DROP -M /tmp/own",
        "-nM/tmp/own"
      })
  void aRuleThatAShellWouldTakeForMoreIsNotTyped(String rule) {
    assertThat(pods(legacy(rule)))
        .isEqualTo(
            "iptables-legacy -I FORWARD -s 10.244.0.0/16 -j ACCEPT && "
                + "iptables-legacy -I FORWARD -d 10.244.0.0/16 -j ACCEPT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "! -s 10.0.0.0/8 -i eth+ -p tcp -m tcp --dport 30000:32767 -m state --state NEW -j LOGDROP",
        "-d fd00::/8 -m conntrack --ctstate INVALID,NEW -m mark ! --mark 0x1/0xff -g OWN_DROP"
      })
  void rulesAsIptablesPrintsThemAreTyped(String rule) {
    assertThat(pods(legacy(rule))).isEqualTo("iptables-legacy -D FORWARD " + rule);
  }

  @Test
  void namesOfChainsThatAreNoneAreNotTyped() {
    assertThat(
            tunnel(
                drop("inet firewalld filter_INPUT", "in", "drop", "inet firewalld IN_$(reboot)")))
        .doesNotContain("reboot");
    assertThat(FirewallOwner.of(drop("reboot iptables-legacy -f", "in", "-j DROP")))
        .isEqualTo(FirewallOwner.NFTABLES);
    assertThat(FirewallOwner.of(drop("iptables-legacy x", "in", "-j DROP")))
        .isEqualTo(FirewallOwner.NFTABLES);
  }

  @Test
  void whereNoBlockIsKnownAPersonSaysIt() {
    assertThat(
            new FirewallRemedy("node2", drop("ip6 filter FORWARD", "through", RuleDrop.POLICY))
                .pods(List.of())
                .command())
        .startsWith("ip6tables -I FORWARD -s <network of the pods> -j ACCEPT");
  }

  @Test
  void rulesOfAPolicyAreNotDeletedByHand() {
    assertThat(tunnel(drop("ip filter cali-fw-cali12", "through", BY_PORT)))
        .startsWith("kubectl get ");
    assertThat(pods(drop("ip filter KUBE-POD-FW-X", "through", BY_PORT)))
        .isEqualTo("kubectl get networkpolicies -A");
  }

  @Test
  void aRuleOfNftGoesByItsHandle() {
    assertThat(tunnel(drop("inet filter input", "in", BY_PORT)))
        .isEqualTo("nft delete rule inet filter input handle 7");
    assertThat(pods(drop("inet filter forward", "through", RuleDrop.POLICY)))
        .isEqualTo("nft insert rule inet filter forward iifname naru* accept");
  }
}

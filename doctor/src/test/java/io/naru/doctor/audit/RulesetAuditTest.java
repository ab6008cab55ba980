package io.naru.doctor.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.Remedy;
import io.naru.doctor.audit.rules.IptablesParser;
import io.naru.doctor.audit.rules.NftParser;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RulesetAuditTest {
  private static final IpAddress PEER = IpAddress.parse("192.0.2.2");
  private static final IpAddress OTHER = IpAddress.parse("192.0.2.3");

  private static AuditReport iptables(Set<IpAddress> peers, String... rules) {
    String text =
        "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:own - [0:0]\n"
            + String.join("\n", rules)
            + "\nCOMMIT\n";
    return RulesetAudit.audit(
        IptablesParser.parse(text, "node1.rules"),
        AuditOptions.of(Network.FLANNEL).withNodes(List.of(), peers));
  }

  private static List<String> commands(AuditReport report) {
    return report.findings().stream()
        .flatMap(finding -> finding.remedy().stream())
        .map(Remedy::command)
        .toList();
  }

  @Test
  void aPolicyOfDropClosesThePort() {
    AuditReport report =
        iptables(
            Set.of(PEER),
            "-A INPUT -i lo -j ACCEPT",
            "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT");
    assertThat(report.findings()).extracting(Finding::code).containsExactly(Finding.CLOSED);
    assertThat(commands(report))
        .containsExactly("iptables -I INPUT -p udp -s 192.0.2.2 --dport 8472 -j ACCEPT");
  }

  @Test
  void anOwnChainAndALaterDropAreFollowed() {
    assertThat(
            iptables(
                    Set.of(PEER),
                    "-A INPUT -j own",
                    "-A own -s 192.0.2.0/24 -p udp -m multiport --dports 53,8000:9000 -j ACCEPT",
                    "-A own -j DROP")
                .isHealthy())
        .isTrue();
    AuditReport dropped =
        iptables(
            Set.of(PEER),
            "-A INPUT -j own",
            "-A own -p udp -m comment --comment \"no udp here\" -j DROP",
            "-A own -j ACCEPT");
    assertThat(dropped.findings().getFirst().code()).isEqualTo(Finding.WRONG_PROTOCOL);
    assertThat(dropped.findings().getFirst().evidence().getFirst()).contains("no udp here");
  }

  @Test
  void oneNodeNamedAndTheOtherNot() {
    AuditReport report =
        iptables(Set.of(PEER, OTHER), "-A INPUT -s 192.0.2.2/32 -p udp --dport 8472 -j ACCEPT");
    assertThat(report.findings().getFirst().code()).isEqualTo(Finding.SOME_NODES);
    assertThat(report.findings().getFirst().from()).isEqualTo("192.0.2.3");
    AuditReport unknown =
        iptables(Set.of(), "-A INPUT -s 192.0.2.2/32 -p udp --dport 8472 -j ACCEPT");
    assertThat(unknown.findings().getFirst().certain()).isFalse();
  }

  @Test
  void theWrongVxlanPort() {
    AuditReport report = iptables(Set.of(PEER), "-A INPUT -p udp --dport 4789 -j ACCEPT");
    assertThat(report.findings().getFirst().code()).isEqualTo(Finding.WRONG_PORT);
  }

  @Test
  void nftSetsMapsAndComments() {
    String json =
        """
        {"nftables": [
          {"table": {"family": "inet", "name": "filter"}},
          {"set": {"family": "inet", "table": "filter", "name": "peers",
                   "elem": ["192.0.2.3", {"prefix": {"addr": "198.51.100.0", "len": 24}}]}},
          {"chain": {"family": "inet", "table": "filter", "name": "input", "type": "filter",
                     "hook": "input", "prio": 0, "policy": "drop"}},
          {"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": 4, "expr": [
            {"vmap": {"key": {"ct": {"key": "state"}}, "data": {"set": [
              ["established", {"accept": null}], ["invalid", {"drop": null}]]}}}]}},
          {"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": 5,
                    "comment": "nodes", "expr": [
            {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}},
                       "right": "@peers"}},
            {"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}},
                       "right": {"set": [53, {"range": [8000, 9000]}]}}},
            {"counter": {"packets": 0, "bytes": 0}}, {"accept": null}]}}
        ]}
        """;
    AuditOptions options = AuditOptions.of(Network.FLANNEL);
    AuditReport report =
        RulesetAudit.audit(
            NftParser.parse(json, "n.json"), options.withNodes(List.of(), Set.of(PEER, OTHER)));
    assertThat(report.findings().getFirst().code()).isEqualTo(Finding.SOME_NODES);
    assertThat(commands(report))
        .containsExactly(
            "nft insert rule inet filter input ip saddr 192.0.2.2 udp dport 8472 accept");
    assertThat(
            RulesetAudit.audit(
                    NftParser.parse(json, "n.json"), options.withNodes(List.of(), Set.of(OTHER)))
                .isHealthy())
        .isTrue();
  }

  @Test
  void brokenFilesNameTheLine() {
    assertThatThrownBy(() -> IptablesParser.parse("*filter\nnonsense\n", "x"))
        .hasMessage("x is no text of iptables-save: in line 2 stands 'nonsense'");
    assertThatThrownBy(() -> NftParser.parse("[]", "x"))
        .hasMessageContaining("nft -j list ruleset");
    assertThat(NftParser.isPlain("table inet filter {\n")).isTrue();
  }
}

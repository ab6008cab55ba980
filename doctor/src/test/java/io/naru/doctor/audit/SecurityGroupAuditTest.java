package io.naru.doctor.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.diagnosis.Remedy;
import io.naru.core.error.NaruException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecurityGroupAuditTest {
  private static String group(String id, String name, String... rules) {
    return """
        {"GroupId": "%s", "GroupName": "%s", "IpPermissions": [%s]}"""
        .formatted(id, name, String.join(",", rules));
  }

  private static String rule(String protocol, int port, String... groups) {
    String pairs =
        String.join(
            ",", List.of(groups).stream().map(id -> "{\"GroupId\":\"" + id + "\"}").toList());
    return """
        {"IpProtocol": "%s", "FromPort": %d, "ToPort": %d, "UserIdGroupPairs": [%s]}"""
        .formatted(protocol, port, port, pairs);
  }

  private static AuditReport audit(Network network, String... groups) {
    String json = "{\"SecurityGroups\": [" + String.join(",", groups) + "]}";
    return SecurityGroupAudit.audit(
        SecurityGroupParser.parse(json, "groups.json"), AuditOptions.of(network), "groups.json");
  }

  private static List<String> commands(AuditReport report) {
    return report.findings().stream()
        .flatMap(finding -> finding.remedy().stream())
        .map(Remedy::command)
        .toList();
  }

  @Test
  void whatIsOpenIsNotAFinding() {
    AuditReport report =
        audit(
            Network.NARU,
            group("sg-1", "nodes", rule("udp", 8472, "sg-1"), rule("tcp", 8472, "sg-1")));
    assertThat(report.isHealthy()).isTrue();
    assertThat(report.open()).hasSize(2);
  }

  @Test
  void aRuleForTcpDoesNotOpenUdp() {
    AuditReport report = audit(Network.FLANNEL, group("sg-1", "nodes", rule("tcp", 8472, "sg-1")));
    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().getFirst().code()).isEqualTo(Finding.WRONG_PROTOCOL);
    assertThat(report.findings().getFirst().evidence())
        .contains("sg-1 lets in TCP 8472, and the network needs UDP 8472");
    assertThat(commands(report))
        .containsExactly(
            "aws ec2 authorize-security-group-ingress --group-id sg-1 --protocol udp --port 8472"
                + " --source-group sg-1");
  }

  @Test
  void theOtherVxlanPortIsNamed() {
    AuditReport report = audit(Network.FLANNEL, group("sg-1", "nodes", rule("udp", 4789, "sg-1")));
    assertThat(report.findings().getFirst().code()).isEqualTo(Finding.WRONG_PORT);
    AuditReport calico = audit(Network.CALICO, group("sg-1", "nodes", rule("udp", 8472, "sg-1")));
    assertThat(calico.findings())
        .extracting(Finding::code)
        .containsExactly(Finding.WRONG_PORT, Finding.CLOSED);
    assertThat(commands(calico).getLast())
        .isEqualTo(
            "aws ec2 authorize-security-group-ingress --group-id sg-1 --ip-permissions"
                + " 'IpProtocol=4,UserIdGroupPairs=[{GroupId=sg-1}]'");
  }

  @Test
  void aRuleThatNamesOneGroupOfNodesLeavesTheOtherOut() {
    AuditReport report =
        audit(
            Network.FLANNEL,
            group("sg-m", "k8s-masters", rule("udp", 8472, "sg-m", "sg-w")),
            group("sg-w", "k8s-workers", rule("udp", 8472, "sg-w")),
            group("sg-lb", "web-alb"));
    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().getFirst().code()).isEqualTo(Finding.SOME_NODES);
    assertThat(report.findings().getFirst().title())
        .isEqualTo("sg-w (k8s-workers) does not let UDP 8472 in from sg-m (k8s-masters)");
    assertThat(commands(report))
        .containsExactly(
            "aws ec2 authorize-security-group-ingress --group-id sg-w --protocol udp --port 8472"
                + " --source-group sg-m");
    assertThat(report.assumed()).anyMatch(line -> line.contains("by their names"));
  }

  @Test
  void hostileIdsNeverReachACommand() {
    assertThatThrownBy(() -> audit(Network.NARU, group("sg-1; reboot", "nodes")))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("'sg-1; reboot' is not the id of a group");
    assertThatThrownBy(() -> SecurityGroupParser.parse("{}", "x.json"))
        .hasMessageContaining("describe-security-groups");
    assertThatThrownBy(() -> SecurityGroupParser.parse("{", "x.json"))
        .hasMessageContaining("it is not JSON");
  }
}

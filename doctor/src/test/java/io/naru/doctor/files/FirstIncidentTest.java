package io.naru.doctor.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import io.naru.doctor.Story;
import io.naru.doctor.report.ReportText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An outage that happened: DNS answers every other time, since one of two DNS pods is on the other
 * node, and the cloud's security group lets in no UDP. Two captures and the group tell it.
 */
class FirstIncidentTest {
  private static final String GROUPS =
      """
      {"SecurityGroups": [{
        "GroupId": "sg-0a1b2c3d4e5f60718", "GroupName": "kubespray-nodes", "VpcId": "vpc-1",
        "IpPermissions": [
          {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535,
           "UserIdGroupPairs": [{"GroupId": "sg-0a1b2c3d4e5f60718"}], "IpRanges": []},
          {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
           "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "UserIdGroupPairs": []}],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
      }]}
      """;

  @TempDir Path directory;

  private List<Path> files() throws IOException {
    Story story = new Story(7_000_000_000L, ip -> ip[9] != 17);
    for (int i = 0; i < 37; i++) {
      if (i % 4 == 0) {
        story.nodesTalk();
      }
      story.dns(60 + i);
    }
    story.nodesTalk();
    List<Path> files = new ArrayList<>(story.write(directory));
    files.add(Files.writeString(directory.resolve("groups.json"), GROUPS));
    return files;
  }

  @Test
  void oneCommandSaysWhatThePersonWithTcpdumpFoundOut() throws IOException {
    DoctorReport report = FilesExamination.examine(files(), FilesOptions.NONE);
    assertThat(report.exitCode()).isEqualTo(1);
    assertThat(report.verdicts()).hasSize(1);
    Verdict verdict = report.verdicts().getFirst();
    assertThat(verdict.code()).isEqualTo("NARU-UNDERLAY-PORT-BLOCKED");
    assertThat(verdict.fault()).isEqualTo("underlay-port-blocked");
    assertThat(verdict.state()).isEqualTo(PathState.BROKEN);
    assertThat(verdict.certainty()).isEqualTo(Certainty.OBSERVED);
    assertThat(verdict.pairs()).containsExactly(new NodePair("node1", "node2"));
    assertThat(verdict.lastSeen()).contains("node1/nic");
    assertThat(verdict.notSeen()).contains("node2/nic");
    assertThat(verdict.evidence())
        .anyMatch(line -> line.startsWith("37 tunnel packets (UDP 8472) left node1/nic, none"))
        .anyMatch(line -> line.contains("has no rule that lets in any UDP"));
    assertThat(verdict.ruledOut())
        .anyMatch(line -> line.contains("37 frames seen leaving node1/nic"));
    assertThat(verdict.remedy())
        .extracting(Remedy::command)
        .contains(
            "aws ec2 authorize-security-group-ingress --group-id sg-0a1b2c3d4e5f60718"
                + " --protocol udp --port 8472 --source-group sg-0a1b2c3d4e5f60718");
    assertThat(verdict.remedy())
        .anyMatch(each -> each.text().contains("share a subnet (172.26.50.0/24"));
  }

  @Test
  void theReportFitsATerminal() throws IOException {
    List<String> lines =
        ReportText.lines(FilesExamination.examine(files(), FilesOptions.NONE), false);
    assertThat(lines)
        .filteredOn(line -> !line.contains("aws ec2"))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(ReportText.WIDTH));
    assertThat(lines).anyMatch(line -> line.contains("✓ node1/nic   ✗ node2/nic"));
  }
}

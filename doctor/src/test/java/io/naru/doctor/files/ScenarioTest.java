package io.naru.doctor.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Verdict;
import io.naru.doctor.Frames;
import io.naru.doctor.Story;
import io.naru.doctor.compare.ComparisonOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fault that two captures can tell, from packets that an underlay passes or not. */
class ScenarioTest {
  @TempDir Path directory;

  private DoctorReport dns(int count, Predicate<byte[]> passes) throws IOException {
    Story story = new Story(-3_000_000_000L, passes);
    story.nodesTalk();
    for (int i = 0; i < count; i++) {
      story.dns(i % 2 == 0 ? 60 : 1300);
    }
    story.nodesTalk();
    return FilesExamination.examine(story.write(directory), FilesOptions.NONE);
  }

  private static Verdict only(DoctorReport report) {
    assertThat(report.verdicts()).hasSize(1);
    return report.verdicts().getFirst();
  }

  @Test
  void nothingIsSaidWhenAllIsWell() throws IOException {
    DoctorReport report = dns(20, _ -> true);
    assertThat(report.verdicts()).isEmpty();
    assertThat(report.exitCode()).isZero();
    assertThat(report.examined())
        .contains("20 packets (tunnel) left node1/nic, 20 of them came to node2/nic");
  }

  @Test
  void aBlockedReturnIsItsOwnFault() throws IOException {
    Verdict verdict = only(dns(20, ip -> !Story.isTunnel(ip, 8472, Story.NODE_2)));
    assertThat(verdict.fault()).isEqualTo("underlay-return-blocked");
    assertThat(verdict.pairs()).containsExactly(new NodePair("node2", "node1"));
    assertThat(verdict.lastSeen()).contains("node2/nic");
    assertThat(verdict.notSeen()).contains("node1/nic");
  }

  @Test
  void noPathAtAll() throws IOException {
    Story story = new Story(0, _ -> false);
    for (int i = 0; i < 20; i++) {
      story.nodesTalk();
      story.dns(60);
    }
    DoctorReport report = FilesExamination.examine(story.write(directory), FilesOptions.NONE);
    assertThat(report.verdicts()).extracting(Verdict::fault).contains("underlay-no-path");
  }

  @Test
  void largePacketsInAHole() throws IOException {
    Verdict verdict = only(dns(20, ip -> ip.length < 1378));
    assertThat(verdict.fault()).isEqualTo("mtu-hole");
    assertThat(verdict.evidence())
        .contains("the largest that arrived has 88 bytes, the smallest that is lost 1328");
    assertThat(verdict.pairs()).containsExactly(new NodePair("node1", "node2"));
  }

  @Test
  void partialLossIsDegraded() throws IOException {
    int[] seen = {0};
    Verdict verdict =
        only(dns(40, ip -> !Story.isTunnel(ip, 8472, Story.NODE_1) || seen[0]++ % 4 != 1));
    assertThat(verdict.fault()).isEqualTo("underlay-loss");
    assertThat(verdict.title()).contains("25 %");
  }

  @Test
  void packetsBeforeTheOtherCaptureBeganAreNotCounted() throws IOException {
    boolean[] running = {false};
    Story story = new Story(5_000_000_000L, _ -> running[0]);
    story.dns(60);
    story.dns(60);
    running[0] = true;
    for (int i = 0; i < 20; i++) {
      story.dns(60);
    }
    DoctorReport report = FilesExamination.examine(story.write(directory), FilesOptions.NONE);
    assertThat(report.verdicts()).isEmpty();
  }

  @Test
  void segmentsThatWereGluedTogetherArrived() throws IOException {
    Story story = new Story(0, _ -> true);
    story.dns(60);
    for (int i = 0; i < 10; i++) {
      story.stream(1000L + i * 2800L, i);
    }
    story.dns(60);
    DoctorReport report = FilesExamination.examine(story.write(directory), FilesOptions.NONE);
    assertThat(report.verdicts()).isEmpty();
    assertThat(report.healthy()).isTrue();
  }

  @Test
  void segmentsThatWereGluedSayNothingOfSizes() throws IOException {
    Story story = new Story(0, ip -> !Story.isTunnel(ip, 8472, Story.NODE_1));
    story.nodesTalk();
    for (int i = 0; i < 5; i++) {
      story.dns(60);
      story.stream(1000, 3);
    }
    story.nodesTalk();
    assertThat(FilesExamination.examine(story.write(directory), FilesOptions.NONE).verdicts())
        .extracting(Verdict::fault)
        .doesNotContain("mtu-hole");
  }

  @Test
  void differentVnisAreToldFromTheHeaders() throws IOException {
    Story story = new Story(0, _ -> true);
    for (int i = 0; i < 5; i++) {
      byte[] inner =
          Frames.ip(Story.POD_1, Story.POD_2, 1, story.nextId(), Frames.echo(false, 1, i, 56));
      story.there(story.tunnelled(Story.NODE_1, Story.NODE_2, 8472, 1, inner));
      byte[] other =
          Frames.ip(Story.POD_2, Story.POD_1, 1, story.nextId(), Frames.echo(false, 2, i, 56));
      story.back(story.tunnelled(Story.NODE_2, Story.NODE_1, 8472, 42, other));
    }
    story.nodesTalk();
    Verdict verdict = only(FilesExamination.examine(story.write(directory), FilesOptions.NONE));
    assertThat(verdict.fault()).isEqualTo("vni-mismatch");
    assertThat(verdict.pairs()).hasSize(2);
  }

  @Test
  void directlyRoutedPacketsThatTheCloudDrops() throws IOException {
    Story story = new Story(0, ip -> ip[12] != 10);
    story.nodesTalk();
    for (int i = 0; i < 5; i++) {
      story.there(
          Frames.ip(Story.POD_1, Story.POD_2, 1, story.nextId(), Frames.echo(false, 1, i, 56)));
    }
    story.nodesTalk();
    FilesOptions options =
        new FilesOptions(
            Optional.empty(),
            List.of(),
            FilesOptions.vxlanPorts(List.of()),
            new ComparisonOptions(
                Map.of("node1", Set.of(Story.NODE_1), "node2", Set.of(Story.NODE_2)), Map.of()));
    Verdict verdict = only(FilesExamination.examine(story.write(directory), options));
    assertThat(verdict.fault()).isEqualTo("direct-route-refused");
    assertThat(verdict.lastSeen()).contains("node1/nic");
  }

  @Test
  void anEmptyCaptureIsEnoughToLocate() throws IOException {
    Story story = new Story(0, _ -> false);
    for (int i = 0; i < 5; i++) {
      story.dns(60);
    }
    List<Path> files = story.write(directory);
    Verdict verdict = only(FilesExamination.examine(files, FilesOptions.NONE));
    assertThat(verdict.fault()).isEqualTo("underlay-port-blocked");
    assertThat(verdict.notChecked())
        .anyMatch(line -> line.startsWith("node2: the capture is empty"));
  }

  @Test
  void captureOfTheSameNodeTwiceIsNoComparison() throws IOException {
    Story story = new Story(0, _ -> true);
    story.dns(60);
    Path one = story.write(directory).getFirst();
    DoctorReport report = FilesExamination.examine(List.of(one), FilesOptions.NONE);
    assertThat(report.exitCode()).isEqualTo(3);
    assertThat(report.notExamined()).anyMatch(line -> line.contains("is the only capture"));
  }
}

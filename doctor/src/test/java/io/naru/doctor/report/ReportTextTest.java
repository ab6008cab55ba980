package io.naru.doctor.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTextTest {
  private static final List<String> EXAMINED = List.of("2 nodes", "2 paths");
  private static final String COMMAND = "aws ec2 " + "--some-long-option ".repeat(9);

  private static Verdict verdict(String title, PathState state, int pairs) {
    return new Verdict(
        "NARU-UNDERLAY-PORT-BLOCKED",
        "underlay-port-blocked",
        state,
        title,
        IntStream.range(0, pairs).mapToObj(i -> new NodePair("node1", "node" + (i + 2))).toList(),
        Optional.of("node1/nic"),
        Optional.of("node2/nic"),
        Certainty.OBSERVED,
        List.of("probes were seen at node1/nic and not at node2/nic"),
        List.of("the nodes' link: TCP between the agents passes"),
        List.of("UDP to another port"),
        List.of(
            Remedy.judged("open UDP 8472", COMMAND), Remedy.safe("let the agent repair it", "")));
  }

  private static List<String> lines(Verdict... verdicts) {
    return ReportText.lines(
        new DoctorReport(verdicts.length == 0, List.of(verdicts), EXAMINED, List.of("node3: away")),
        false);
  }

  @Test
  void wordsFromOutsideDoNotCommandATerminal() {
    DoctorReport report =
        new DoctorReport(
            false,
            List.of(verdict("node\u009b2J \u001b[8mdoes not", PathState.BROKEN, 1)),
            EXAMINED,
            List.of("node3: \u001b]0;title\u0007"));
    assertThat(ReportText.lines(report, true))
        .contains(
            "\u001b[31m✗\u001b[0m \u001b[1mnode?2J ?[8mdoes not\u001b[0m",
            "not examined: node3: ?]0;title?");
  }

  @Test
  void theFactComesFirstThenTheWalkThenTheReasonsThenTheHelp() {
    assertThat(lines(verdict("UDP 8472 from node1 does not reach node2", PathState.BROKEN, 1)))
        .containsExactly(
            "✗ UDP 8472 from node1 does not reach node2",
            "  NARU-UNDERLAY-PORT-BLOCKED, broken, observed",
            "  walk         ✓ node1/nic   ✗ node2/nic",
            "  seen         probes were seen at node1/nic and not at node2/nic",
            "  ruled out    the nodes' link: TCP between the agents passes",
            "  not checked  UDP to another port",
            "  help         open UDP 8472",
            "                 " + COMMAND,
            "  help (safe)  let the agent repair it",
            "",
            "2 nodes, 2 paths examined. More about a code: naru explain CODE",
            "not examined: node3: away");
  }

  @Test
  void manyPathsOfOneCauseAreNotAllListed() {
    assertThat(lines(verdict("why", PathState.DEGRADED, 11)))
        .startsWith("! why")
        .anyMatch(line -> line.startsWith("  paths        node1 → node2, "))
        .anyMatch(line -> line.endsWith(" and 3 more"));
  }

  @Test
  void onlyACommandIsLongerThanALineMayBe() {
    String title = "a title of many words ".repeat(9) + "x".repeat(250);
    assertThat(lines(verdict(title, PathState.BROKEN, 11)))
        .filteredOn(line -> line.length() > ReportText.WIDTH)
        .containsExactly("                 " + COMMAND);
  }

  @Test
  void coloursAddNothingThatIsRead() {
    DoctorReport report =
        new DoctorReport(
            false,
            List.of(verdict("a title ".repeat(30), PathState.BROKEN, 3)),
            EXAMINED,
            List.of());
    List<String> coloured = ReportText.lines(report, true);
    assertThat(coloured).anyMatch(line -> line.contains("\u001b["));
    assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[\\d+m", "")).toList())
        .isEqualTo(ReportText.lines(report, false));
  }

  @Test
  void withoutVerdictsItSaysWhetherAllIsWellOrNothingIsKnown() {
    assertThat(lines())
        .containsExactly("✓ All is well: 2 nodes, 2 paths examined.", "not examined: node3: away");
    assertThat(ReportText.lines(new DoctorReport(false, List.of(), EXAMINED, List.of()), false))
        .containsExactly("Nothing could be said: 2 nodes, 2 paths examined.");
  }
}

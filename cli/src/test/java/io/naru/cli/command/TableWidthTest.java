package io.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cli.output.Table;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lists of the longest names and addresses fit a terminal, and lose nothing. */
class TableWidthTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:06Z");

  /** A list's table. */
  record Case(String name, Table table) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> tables() {
    return List.of(
        new Case("node list", ListCommands.NodeList.table(List.of(Samples.node()), false)),
        new Case("path list", ListCommands.PathList.table(List.of(Samples.path()), NOW)),
        new Case("tunnel list", ListCommands.TunnelList.table(List.of(Samples.tunnel()))),
        new Case("pod list", ListCommands.PodList.table(List.of(Samples.pod()), NOW)),
        new Case("service list", ServiceList.table(List.of(Samples.service()), false)),
        new Case("status", StatusCommand.table(List.of(Samples.status(), Samples.status()))));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aTableFitsAndLosesNothing(Case given) {
    List<String> whole = given.table().lines(Integer.MAX_VALUE);
    List<String> fitted = given.table().lines(Table.WIDTH);
    assertThat(whole).anyMatch(line -> line.length() > Table.WIDTH);
    assertThat(fitted).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Table.WIDTH));
    assertThat(letters(fitted)).isEqualTo(letters(whole));
  }

  /** Cells that go on below change the order of characters, not which there are. */
  private static String letters(List<String> lines) {
    return String.join("", lines)
        .chars()
        .filter(c -> c != ' ')
        .sorted()
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static List<String> printed(Consumer<PrintWriter> print) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    print.accept(out);
    out.flush();
    return text.toString().lines().toList();
  }

  @Test
  void whatIsPrintedOfALabFits() {
    List<String> fitted = printed(out -> LabStatusCommand.print(out, Samples.lab(), Table.WIDTH));
    assertThat(fitted).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Table.WIDTH));
    assertThat(letters(fitted))
        .isEqualTo(
            letters(printed(out -> LabStatusCommand.print(out, Samples.lab(), Integer.MAX_VALUE))));
  }

  @Test
  void whatIsPrintedOfOneAgentFits() {
    List<String> lines = printed(out -> StatusCommand.print(out, Samples.status()));
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Table.WIDTH));
    assertThat(lines).anyMatch(line -> line.startsWith("underlay   enp134s0f1np1.42, MTU 9000, "));
  }

  @Test
  void namesThatFitStayWhole() {
    List<String> lines =
        new Table("FROM", "TO", "REASON").row("node1", "node2", "x ".repeat(200)).lines(80);
    List<String> firsts = new ArrayList<>(lines.subList(0, 2));
    assertThat(firsts).first().asString().startsWith("FROM   TO     REASON");
    assertThat(firsts).last().asString().startsWith("node1  node2  x x");
  }

  @Test
  void aLongNameIsCutAfterPunctuation() {
    assertThat(new Table("A", "B").row("frankfurt-one.example.org", "0a:58:0a:f4:00:01").lines(34))
        .containsExactly(
            "A                 B", "frankfurt-one.    0a:58:0a:f4:00:", "example.org       01");
  }
}

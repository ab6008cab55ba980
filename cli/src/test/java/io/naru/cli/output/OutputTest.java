package io.naru.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputTest {
  private static final String REASON =
      "nothing passes to node2: no probe is answered and the agents' TCP port is silent; the node"
          + " may be down, or a firewall on the way drops UDP 8472 and TCP 8472 alike";

  @Test
  void columnsAreAlignedAndAnEmptyCellIsADash() {
    Table table = new Table("NODE", "PODS").row("node1", "10.244.1.0/24").row("n2", "");
    assertThat(table.lines(Table.WIDTH))
        .containsExactly("NODE   PODS", "node1  10.244.1.0/24", "n2     -");
  }

  @Test
  void aTableFitsItsWidthAndLosesNoWord() {
    Table table = new Table("FROM", "TO", "STATE", "REASON");
    table.row("node1", "node2", "broken", REASON).row("node2", "node1", "healthy", "");
    List<String> lines = table.lines(Table.WIDTH);
    assertThat(lines).hasSizeGreaterThan(3).allSatisfy(l -> assertThat(l).hasSizeLessThan(121));
    assertThat(lines.get(2)).startsWith(" ".repeat(20));
    String text = String.join(" ", lines).replaceAll(" +", " ");
    assertThat(text).contains(REASON.replaceAll(" +", " "));
  }

  @Test
  void aWordThatIsTooLongIsCutNotLost() {
    String word = "x".repeat(300);
    List<String> lines = new Table("A", "B").row("a", word).lines(Table.WIDTH);
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThan(121));
    assertThat(String.join("", lines).replaceAll("[^x]", "")).hasSize(300);
  }

  @Test
  void aWideTableIsNotWrapped() {
    assertThat(new Table("A", "B").row("a", REASON).lines(Integer.MAX_VALUE)).hasSize(2);
  }

  @Test
  void aRowHasACellForEachColumn() {
    Table table = new Table("A", "B");
    assertThatThrownBy(() -> table.row("only one")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0s",
    "119,119s",
    "120,2m",
    "7199,119m",
    "7200,2h",
    "172799,47h",
    "172800,2d",
    "-5,0s"
  })
  void anAgeIsShort(long seconds, String text) {
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    assertThat(Age.of(now.minusSeconds(seconds).toString(), now)).isEqualTo(text);
  }

  private static String printed(Format format) {
    StringWriter text = new StringWriter();
    Listing.print(
        new PrintWriter(text),
        format,
        List.of(Map.of("node", "node1", "port", 8472)),
        wide -> new Table("NODE", "WHY").row("node1", REASON));
    return text.toString();
  }

  @Test
  void eachFormatIsPrinted() {
    assertThat(printed(Format.TABLE).lines()).hasSizeGreaterThan(2);
    assertThat(printed(Format.WIDE).lines()).hasSize(2);
    assertThat(printed(Format.JSON)).contains("\"node\" : \"node1\"").contains("8472");
    assertThat(printed(Format.YAML)).contains("node: \"node1\"").contains("port: 8472");
  }
}

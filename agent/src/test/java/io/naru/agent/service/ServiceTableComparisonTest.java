package io.naru.agent.service;

import static io.naru.agent.service.ProgrammedTable.CLUSTER_IPV4;
import static io.naru.agent.service.ProgrammedTable.VIEW;
import static io.naru.agent.service.ProgrammedTable.dualStack;
import static io.naru.agent.service.ProgrammedTable.keepingClients;
import static io.naru.agent.service.ProgrammedTable.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.service.ServiceProgram.Change;
import io.naru.agent.service.ServiceProgram.Wish;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceScript;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel has of the table, by whatever way it came there. */
class ServiceTableComparisonTest {
  /** The name of a map or set, and its elements. */
  private static final Pattern FILLED =
      Pattern.compile("(?:map|set) (\\S+) \\{[^{}]*elements = \\{([^{}]*)\\}");

  private final ProgrammedTable made = new ProgrammedTable();

  @AfterEach
  void stop() {
    made.close();
  }

  /** Both ways write the same; nft reads back what the kernel was told without it. */
  @Test
  void elementsAreTheSameWhoeverWritesThem() {
    Service service = dualStack();
    for (Service wanted : List.of(service, keepingClients(service), service(List.of()))) {
      made.program(wanted);
      List<String> told = elements();
      assertThat(told).anyMatch(line -> line.contains(CLUSTER_IPV4 + " . tcp . 80 : goto"));
      made.apply(ServiceScript.table(VIEW, false));
      made.program.emptied();
      Wish wish = ProgrammedTable.wish(wanted);
      Change change = made.program.toward(wish);
      made.apply(ServiceScript.chains(change.chains()) + ServiceScript.added(change.added()));
      assertThat(elements()).isEqualTo(told);
      made.program.done(wish);
    }
    made.program();
    assertThat(elements()).isNotEmpty().allMatch(line -> line.startsWith("hairpin"));
  }

  private void makeWhole(ServiceTable table) {
    Wish wish = ProgrammedTable.wish(dualStack());
    Change change = made.program.toward(wish);
    table.make(ServiceScript.table(VIEW, false) + ServiceScript.chains(change.chains()));
    table.change(change.deleted(), change.added());
    made.program.done(wish);
  }

  /** Of every map and set, in an order that does not depend on how they lie in memory. */
  private List<String> elements() {
    String table = made.host.run("nft list table inet naru-services").replaceAll("\\s+", " ");
    Matcher filled = FILLED.matcher(table);
    return filled
        .results()
        .flatMap(
            found ->
                Stream.of(found.group(2).split(","))
                    .map(element -> found.group(1) + " " + element.strip()))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete element inet naru-services services4 { 10.96.0.20 . tcp . 80 }",
        "add element inet naru-services targets6 { fd00:10:96::21 . tcp . 80 : 8080 }",
        "delete element inet naru-services backends4 { 10.96.0.20 . tcp . 80 . 1 };"
            + " add element inet naru-services backends4"
            + " { 10.96.0.20 . tcp . 80 . 1 : 10.244.1.5 }",
        "insert rule inet naru-services services accept",
        "flush chain inet naru-services pick_3",
        "delete table inet naru-services"
      })
  void whatNoNoticeToldOfIsFoundByComparing(String alteration) {
    List<Boolean> found = new ArrayList<>();
    made.with(
        table -> {
          makeWhole(table);
          found.add(table.isAs(made.program::forEachElement));
          made.host.run("nft add table inet somebodys");
          found.add(table.isAs(made.program::forEachElement));
          made.host.run("nft '" + alteration + "'");
          found.add(table.isAs(made.program::forEachElement));
        });
    assertThat(found).containsExactly(true, true, false);
  }

  @Test
  void anAlterationBeforeTheFirstComparisonIsFoundAlso() {
    List<Boolean> found = new ArrayList<>();
    made.with(
        table -> {
          makeWhole(table);
          made.host.run("nft add table inet somebodys");
          made.host.run("nft flush chain inet naru-services pick_3");
          found.add(table.isAs(made.program::forEachElement));
        });
    assertThat(found).containsExactly(false);
  }

  @Test
  void aTableThatLacksAMapIsNotTheSame() {
    List<ServiceTable.Found> found = new ArrayList<>();
    String fingerprint = ServiceScript.fingerprintChain(VIEW);
    made.with(
        table -> {
          found.add(table.look(fingerprint));
          made.host.run(
              "nft 'flush table inet naru-services; delete map inet naru-services targets4'");
          found.add(table.look(fingerprint));
          made.host.run("nft delete table inet naru-services");
          found.add(table.look(fingerprint));
        });
    assertThat(found)
        .containsExactly(
            ServiceTable.Found.SAME, ServiceTable.Found.OTHER, ServiceTable.Found.NOTHING);
  }
}

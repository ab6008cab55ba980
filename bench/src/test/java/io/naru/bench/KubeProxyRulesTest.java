package io.naru.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.channel.frame.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class KubeProxyRulesTest {
  private static final List<String> BACKENDS = List.of("10.245.2.2", "10.245.2.3", "10.245.2.4");
  private final ServiceList services = new ServiceList(300, BACKENDS);
  private final KubeProxyRules rules = new KubeProxyRules(services, "10.245.0.0/16");

  private static List<String> lines(String rules, String beginning) {
    return rules.lines().filter(line -> line.startsWith(beginning)).toList();
  }

  @Test
  void everyServiceIsComparedInTurnAndTheMeasuredOneIsLast() {
    List<String> compared = lines(rules.all(), "-A KUBE-SERVICES ");

    assertThat(compared).hasSize(300).doesNotHaveDuplicates();
    assertThat(compared.getLast()).contains("-d " + services.last() + "/32", "--dport 80");
  }

  @Test
  void everyServiceHasAChainAndEveryBackendItsOwn() {
    List<String> chains =
        lines(rules.all(), ":KUBE-S").stream().map(c -> c.substring(0, c.indexOf(' '))).toList();

    assertThat(chains).hasSize(1 + 300 + 900).doesNotHaveDuplicates();
    assertThat(chains).as("':' and the most that iptables takes").allMatch(c -> c.length() <= 29);
    assertThat(lines(rules.all(), "-A KUBE-SEP-").stream().filter(l -> l.contains("DNAT")))
        .hasSize(900);
  }

  @Test
  void backendsAreDrawnEvenly() {
    String change = rules.change(7, BACKENDS);

    assertThat(change.lines().filter(line -> line.contains("--probability")))
        .hasSize(2)
        .anyMatch(line -> line.contains("0.33333333333"))
        .anyMatch(line -> line.contains("0.50000000000"));
    assertThat(lines(change, ":")).as("its own chains alone").hasSize(4);
    assertThat(change).doesNotContain("KUBE-SERVICES");
  }

  @Test
  void aFileForNaruNamesTheSameServices() {
    JsonNode file = Json.read(services.file(), JsonNode.class);

    assertThat(file.size()).isEqualTo(300);
    assertThat(file.get(299).path("clusterIps").get(0).asString()).isEqualTo(services.last());
    assertThat(services.some()).startsWith(services.last()).doesNotHaveDuplicates();
    assertThat(new ServiceList(1, BACKENDS).some()).hasSize(1);
  }
}

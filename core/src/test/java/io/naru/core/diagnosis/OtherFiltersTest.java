package io.naru.core.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.OtherFilters.AttachedProgram;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A counter tells how many packets a rule dropped, not which: its matches must allow ours. */
class OtherFiltersTest {
  private static final Flow PROBES = new Flow("udp", "192.0.2.1", "192.0.2.2", List.of(8472, 8473));

  private static CountedDrop counted(String rule, long packets) {
    return new CountedDrop(
        new RuleDrop("iptables-legacy filter INPUT", "in", rule, Optional.empty(), "", ""),
        packets);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "-p udp -m udp --dport 8472 -j DROP; true",
        "-p udp -m multiport --dports 53,8000:9000 -j DROP; true",
        "-s 192.0.2.0/24 -j DROP; true",
        "-d 192.0.2.2/32 -i eth0 -j REJECT; true",
        "policy drop; true",
        "! -s 198.51.100.0/24 -j DROP; true",
        "! -s 192.0.2.0/24 -j DROP; false",
        "-p tcp -j DROP; false",
        "! -p udp -j DROP; false",
        "-p udp -m udp --dport 53 -j DROP; false",
        "-p udp -m udp --dport x -j DROP; false",
        "-s 198.51.100.7/32 -j DROP; false",
        "-d 2001:db8::/32 -j DROP; false"
      })
  void whatItsMatchesExcludeItDidNotDrop(String rule, boolean concerns) {
    assertThat(counted(rule, 1).concerns(PROBES)).isEqualTo(concerns);
  }

  @Test
  void ofSeveralTheOneThatDroppedMostIsNamed() {
    OtherFilters filters =
        new OtherFilters(
            List.of("iptables-legacy filter"),
            List.of(
                counted("-m state --state INVALID -j DROP", 1),
                counted("-p udp -m udp --dport 8472 -j DROP", 40),
                counted("-p tcp -j DROP", 900)),
            List.of(),
            List.of());
    assertThat(filters.dropped("in", PROBES)).map(CountedDrop::packets).contains(40L);
    assertThat(filters.dropped("out", PROBES)).isEmpty();
  }

  @Test
  void whatIsThereAndWasNotLookedIntoIsSaidAndNothingElse() {
    assertThat(OtherFilters.NONE.suspects("node2")).isEmpty();
    OtherFilters filters =
        new OtherFilters(
            List.of(),
            List.of(),
            List.of(new AttachedProgram("eth0", "XDP program", "xdp_fw")),
            List.of("its iptables-legacy rules"));
    assertThat(filters.suspects("node2"))
        .containsExactly(
            "whether XDP program xdp_fw on node2's eth0 drops them",
            "node2: its iptables-legacy rules");
  }
}

package io.naru.doctor.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.diagnosis.CountedDrop;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.OtherFilters.AttachedProgram;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A node's own oddities, which a reader would refuse. */
class FittedTest {
  private static final RuleDrop ODD =
      new RuleDrop(
          "ip filter cali:po-x+1",
          "through",
          "x".repeat(3000),
          Optional.of("7"),
          "10.0.0.1",
          "10.0.0.2",
          Collections.nCopies(6000, "ip filter \u009bFORWARD"));

  private final Fitted fitted = new Fitted(new ArrayList<>());

  @Test
  void anOddRuleIsKeptAsFarAsItCanBeAndTold() {
    assertThatThrownBy(() -> Bounds.drop(ODD)).isInstanceOf(NaruException.class);
    RuleDrop drop = fitted.drops(List.of(ODD)).getFirst();
    assertThatCode(() -> Bounds.drop(drop)).doesNotThrowAnyException();
    assertThat(drop.chain()).isEqualTo("ip filter cali_po-x_1");
    assertThat(drop.handle()).isEmpty();
    assertThat(drop.rule()).hasSize(2000);
    assertThat(fitted.told())
        .hasSize(3)
        .anyMatch(sentence -> sentence.contains("ip filter cali:po-x+1"))
        .anyMatch(sentence -> sentence.contains("longer than 2000"))
        .anyMatch(sentence -> sentence.contains("first 5000 of 6000"));
  }

  @Test
  void anOrdinaryRuleStaysAsItIs() {
    RuleDrop drop =
        new RuleDrop("inet filter input", "in", "drop", Optional.of("4"), "", "", List.of());
    assertThat(fitted.drops(List.of(drop))).containsExactly(drop);
    assertThat(fitted.told()).isEmpty();
  }

  @Test
  void filtersOfOddNamesFit() {
    OtherFilters odd =
        new OtherFilters(
            List.of("iptables-legacy \u001b[2J"),
            List.of(new CountedDrop(ODD, 3)),
            List.of(new AttachedProgram("eth0", "tc egress filter", "p\u0000x")),
            List.of("y".repeat(5000)));
    assertThatThrownBy(() -> Bounds.filters(odd)).isInstanceOf(NaruException.class);
    OtherFilters fit = fitted.filters(odd);
    assertThatCode(() -> Bounds.filters(fit)).doesNotThrowAnyException();
    assertThat(fit.counted()).hasSize(1);
  }

  @Test
  void aFloodIsCutAndToldOnce() {
    TrialSighting seen = new TrialSighting("10.0.0.1", "10.0.0.2", "nic", false, false);
    assertThat(fitted.sightings(Collections.nCopies(6000, seen))).hasSize(5000);
    assertThat(fitted.sightings(Collections.nCopies(6000, seen))).hasSize(5000);
    assertThat(fitted.told()).hasSize(1);
  }
}

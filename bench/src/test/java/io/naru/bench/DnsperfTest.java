package io.naru.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DnsperfTest {
  private static final String PRINTED =
      """
      [Status] Testing complete (time limit)

      Statistics:

        Queries sent:         183826
        Queries completed:    183820 (100.00%)
        Queries lost:         6 (0.00%)

        Response codes:       NOERROR 183800 (99.99%), NXDOMAIN 20 (0.01%)
        Average packet size:  request 44, response 60
        Run time (s):         1.000151
        Queries per second:   183798.246465
      """;

  @Test
  void aNameThatWasNotFoundIsAsGoodAsLost() {
    Dnsperf.Told told = Dnsperf.told(PRINTED);

    assertThat(told.rate()).isEqualTo(183798.246465);
    assertThat(told.lost()).isEqualTo(26);
  }

  @Test
  void otherCodesMayComeFirst() {
    String printed =
        PRINTED.replace("NOERROR 183800 (99.99%), NXDOMAIN", "SERVFAIL 3, NOERROR 17, X");

    assertThat(Dnsperf.told(printed).found()).isEqualTo(17);
    assertThat(Dnsperf.told(PRINTED.replace("NOERROR", "REFUSED")).found()).isZero();
  }

  @Test
  void anErrorIsToldAsItIs() {
    assertThatThrownBy(() -> Dnsperf.told("Error: cannot reread input"))
        .hasMessageContaining("cannot reread input");
  }
}

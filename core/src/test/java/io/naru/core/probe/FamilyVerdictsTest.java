package io.naru.core.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpFamily;
import io.naru.core.path.PathState;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FamilyVerdictsTest {
  private static PathVerdict worst(PathVerdict ipv4, PathVerdict ipv6) {
    return FamilyVerdicts.worst(Map.of(IpFamily.IPV4, ipv4, IpFamily.IPV6, ipv6));
  }

  @ParameterizedTest
  @CsvSource({
    "HEALTHY,  HEALTHY,  HEALTHY,  why",
    "BROKEN,   BROKEN,   BROKEN,   why",
    "HEALTHY,  BROKEN,   BROKEN,   IPv6: why; IPv4 is healthy",
    "BROKEN,   HEALTHY,  BROKEN,   IPv4: why; IPv6 is healthy",
    "DEGRADED, BROKEN,   BROKEN,   IPv6: why; IPv4 is degraded",
    "UNKNOWN,  DEGRADED, DEGRADED, IPv6: why; IPv4 is unknown",
    "HEALTHY,  UNKNOWN,  UNKNOWN,  IPv6: why; IPv4 is healthy",
  })
  void aPathIsAsWellAsTheWorseOfItsFamilies(
      PathState ipv4, PathState ipv6, PathState path, String reason) {
    PathVerdict verdict = worst(PathVerdict.of(ipv4, "why"), PathVerdict.of(ipv6, "why"));
    assertThat(verdict).isEqualTo(PathVerdict.of(path, reason));
  }

  @Test
  void whoKnowsThePlaceSpeaksForBoth() {
    PathVerdict placed =
        PathVerdict.of(PathState.BROKEN, "there")
            .between(Optional.of(PathTap.SENDER_NIC), Optional.of(PathTap.RECEIVER_NIC));
    PathVerdict blind = PathVerdict.of(PathState.BROKEN, "somewhere");
    assertThat(worst(blind, placed)).isEqualTo(placed);
    assertThat(worst(placed, blind)).isEqualTo(placed);
  }

  @Test
  void aPathOfOneFamilyNeedsNoName() {
    PathVerdict verdict = PathVerdict.of(PathState.DEGRADED, "why");
    assertThat(FamilyVerdicts.worst(Map.of(IpFamily.IPV6, verdict))).isEqualTo(verdict);
  }
}

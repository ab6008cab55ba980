package io.naru.doctor.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.KeptInputs;
import java.util.List;
import java.util.Map;

/** Any bytes are a look from which a report follows, or are refused. */
public class LookFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      Look look = Look.parse(bytes);
      DoctorReport alone = PeerDiagnosis.of(List.of(look), Map.of(), List.of());
      DoctorReport twice = PeerDiagnosis.of(List.of(look, look), Map.of(), List.of());
      for (DoctorReport report : List.of(alone, twice)) {
        assertThat(report.exitCode()).isBetween(0, 3);
        for (Verdict verdict : report.verdicts()) {
          assertThat(verdict.title().chars().noneMatch(Character::isISOControl)).isTrue();
          verdict.remedy().forEach(LookFuzzTest::assertHarmless);
        }
      }
    } catch (NaruException refused) {
      assertThat(refused.code()).isIn(ErrorCode.MALFORMED, ErrorCode.UNSUPPORTED);
    }
  }

  /** Nothing a shell would understand, but for what our own commands hold. */
  private static void assertHarmless(Remedy remedy) {
    String own =
        remedy
            .command()
            .replace(" && ip link set cni0", "")
            .replace(" && cilium config set", "")
            .replace("; bridge fdb show", "")
            .replace("-o wide;", "")
            .replace("ip link show;", "")
            .replace("> $(hostname).json", "")
            .replace(" && iptables -I FORWARD", "")
            .replaceAll(
                "'IpProtocol=udp,FromPort=\\d+,ToPort=\\d+,"
                    + "Ipv6Ranges=\\[\\{CidrIpv6=[0-9a-f:.]+/128\\}\\]'",
                "")
            .replaceAll("<[a-zA-Z0-9_.:@ -]*>", "");
    assertThat(own).matches("[A-Za-z0-9 _./:=@,-]*");
  }

  @KeptInputs
  void keptInputIsHandled(byte[] input) {
    assertThat(Look.parse(input).node()).isNotEmpty();
    fuzzerTestOneInput(input);
  }
}

package io.naru.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.Remedy;
import java.util.List;

/** What a report tells people to type comes from files of others. */
final class Commands {
  private Commands() {}

  /** Nothing a shell would understand, but for quotes and conjunctions of ours. */
  static void assertHarmless(List<Remedy> remedies) {
    for (Remedy remedy : remedies) {
      String rest = remedy.command().replace(" && firewall-cmd --reload", "");
      assertThat(rest.replaceAll("'IpProtocol=[A-Za-z0-9,=\\[\\]{}-]*'", ""))
          .matches("[A-Za-z0-9 _./:=-]*");
    }
  }
}

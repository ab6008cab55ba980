package io.naru.linux.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.linux.TestNamespace;
import org.junit.jupiter.api.Test;

class NftablesTest {
  private static final String TABLE =
      """
      table inet naru_test {
        counter seen { packets 3 bytes 400 }
        counter other { }
        chain input { type filter hook input priority 0; counter name seen; }
      }
      """;

  @Test
  void aScriptIsAppliedAsAWholeOrNotAtAll() {
    try (TestNamespace test = new TestNamespace()) {
      test.namespace()
          .run(
              () -> {
                Nftables.check(TABLE);
                assertThat(Nftables.tableExists("inet", "naru_test")).isFalse();
                Nftables.apply(TABLE);
                assertThat(Nftables.tableExists("inet", "naru_test")).isTrue();
                assertThat(Nftables.counters("inet", "naru_test"))
                    .containsEntry("seen", new NamedCounter("seen", 3, 400))
                    .containsEntry("other", new NamedCounter("other", 0, 0));
                assertThat(Nftables.listJson("tables")).contains("\"naru_test\"");
                assertThatThrownBy(
                        () ->
                            Nftables.apply(
                                "add table inet half\nadd rule inet naru_test nosuch accept\n"))
                    .isInstanceOfSatisfying(
                        NftablesException.class, e -> assertThat(e.isAbsent()).isTrue())
                    .hasMessageContaining("nosuch");
                assertThat(Nftables.tableExists("inet", "half")).isFalse();
                Nftables.deleteTable("inet", "naru_test");
                Nftables.deleteTable("inet", "naru_test");
                assertThat(Nftables.tableExists("inet", "naru_test")).isFalse();
              });
    }
  }
}

package io.naru.observe.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.RuleDrop;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DropLinesTest {
  private final DropLines lines = new DropLines();

  @Test
  void aRuleThatDropsIsNamedWithItsHandleAndWithoutItsCounts() {
    lines.add(
        "trace id aedad739 inet ft in packet: iif \"eth0\" ip saddr 192.0.2.1 ip daddr 192.0.2.2"
            + " udp dport 8472");
    lines.add(
        "trace id aedad739 inet ft in rule udp dport 8472 counter packets 3 bytes 90 drop comment"
            + " \"block vxlan\" # handle 3 (verdict drop)");
    lines.add(
        "trace id aedad73a inet ft in rule udp dport 8472 counter packets 4 bytes 120 drop comment"
            + " \"block vxlan\" # handle 3 (verdict drop)");
    assertThat(lines.drops())
        .contains(
            new RuleDrop(
                "inet ft in",
                "in",
                "udp dport 8472 counter drop comment \"block vxlan\"",
                Optional.of("3"),
                "192.0.2.1",
                "192.0.2.2"));
  }

  @Test
  void aPolicyThatDropsIsNamedByItsChain() {
    lines.add("trace id 1 ip filter FORWARD packet: iif \"a\" oif \"b\" ip saddr 192.0.2.1");
    lines.add("trace id 1 ip filter FORWARD policy drop ");
    lines.add("trace id 2 ip filter OUTPUT packet: oif \"b\" ip saddr 192.0.2.1");
    lines.add("trace id 2 ip filter OUTPUT policy accept ");
    assertThat(lines.drops())
        .containsExactly(
            new RuleDrop("ip filter FORWARD", "through", "policy drop", Optional.empty(), "", ""));
  }

  @Test
  void ourOwnChainsAndWhatIsNoTraceSayNothing() {
    lines.add("trace id 1 inet naru-trace in rule udp dport 8472 drop # handle 4 (verdict drop)");
    lines.add("Error: Could not process rule: No such file or directory");
    lines.add("");
    lines.add("trace id 9".repeat(1000));
    assertThat(lines.drops()).isEmpty();
  }
}

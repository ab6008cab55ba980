package io.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.api.PathRow;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PathMergeTest {
  private static PathRow row(String observer, String state, String notSeen) {
    return row("node1", "node2", observer, state, notSeen);
  }

  private static PathRow row(
      String from, String to, String observer, String state, String notSeen) {
    return new PathRow(
        from,
        to,
        "vxlan",
        state,
        "2026-01-01T00:00:00Z",
        "says " + observer,
        Optional.empty(),
        Optional.of(notSeen).filter(text -> !text.isEmpty()),
        observer);
  }

  /** In either order of the agents' answers. */
  private static void assertPreferred(PathRow preferred, PathRow other) {
    assertThat(PathMerge.merged(List.of(preferred, other))).containsExactly(preferred);
    assertThat(PathMerge.merged(List.of(other, preferred))).containsExactly(preferred);
  }

  @Test
  void theSendingEndIsBelieved() {
    assertPreferred(row("node1", "healthy", ""), row("node2", "healthy", ""));
    assertPreferred(row("node1", "degraded", ""), row("node2", "healthy", ""));
    assertPreferred(row("node1", "broken", "node2/nic"), row("node2", "broken", "node2/nic"));
  }

  @Test
  void theReceivingEndIsBelievedWhereTheSenderKnowsNothing() {
    assertPreferred(row("node2", "broken", "node2/nic"), row("node1", "unknown", ""));
    assertPreferred(row("node2", "healthy", ""), row("node1", "unknown", ""));
  }

  @Test
  void whoeverCanNameThePlaceDoesSo() {
    assertPreferred(row("node2", "broken", "node2/nic"), row("node1", "broken", ""));
  }

  @Test
  void onePathIsOneRowAndTheRowsAreSorted() {
    List<PathRow> merged =
        PathMerge.merged(
            List.of(
                row("node2", "node1", "node2", "healthy", ""),
                row("node1", "node3", "node1", "healthy", ""),
                row("node1", "node2", "node2", "healthy", ""),
                row("node1", "node2", "node1", "healthy", "")));
    assertThat(merged)
        .extracting(row -> row.from() + row.to())
        .containsExactly("node1node2", "node1node3", "node2node1");
  }
}

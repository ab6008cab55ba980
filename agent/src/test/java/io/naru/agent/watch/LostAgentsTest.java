package io.naru.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.cluster.NodeName;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LostAgentsTest {
  private static final NodeName PEER = new NodeName("node2");
  private static final Set<NodeName> ALL = Set.of(PEER);
  private static final long SECOND = 1_000_000_000L;

  private final LostAgents agents = new LostAgents();

  private Set<NodeName> passing(long second) {
    return agents.among(ALL, Set.of(), ALL, second * SECOND);
  }

  private Set<NodeName> refusing(long second) {
    return agents.among(Set.of(), ALL, ALL, second * SECOND);
  }

  @Test
  void oneThatIsGoneForLongerThanARestartIsLostUntilItIsBack() {
    assertThat(passing(0)).isEmpty();
    assertThat(refusing(1)).isEmpty();
    assertThat(refusing(30)).isEmpty();
    assertThat(refusing(31)).isEqualTo(ALL);
    assertThat(refusing(90)).isEqualTo(ALL);
    assertThat(passing(91)).isEmpty();
    assertThat(refusing(92)).isEmpty();
  }

  @Test
  void oneThatIsStartedAgainAndAgainIsNot() {
    passing(0);
    for (int second = 1; second < 300; second++) {
      assertThat(second % 30 == 0 ? passing(second) : refusing(second)).isEmpty();
    }
  }

  @Test
  void onesWhoseChannelIsNeitherRefusedNorProvedMeanwhileAreNot() {
    passing(0);
    refusing(1);
    assertThat(agents.among(Set.of(), Set.of(), ALL, 20 * SECOND)).isEmpty();
    assertThat(refusing(40)).isEmpty();
    assertThat(refusing(70)).isEqualTo(ALL);
  }

  @Test
  void oneThatIsNewAlsoByTheNameOfAnotherIsNot() {
    refusing(0);
    assertThat(refusing(600)).isEmpty();
    passing(601);
    agents.among(Set.of(), Set.of(), Set.of(), 602 * SECOND);
    refusing(603);
    assertThat(refusing(700)).isEmpty();
  }
}

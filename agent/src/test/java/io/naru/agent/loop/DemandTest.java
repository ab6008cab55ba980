package io.naru.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.cluster.NodeName;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemandTest {
  private static final NodeName ONE = new NodeName("one");
  private static final NodeName TWO = new NodeName("two");
  private static final Duration LONG = Duration.ofHours(1);

  private final Demand demand = new Demand();

  @Test
  void peersAreTakenTogetherAndOnce() throws Exception {
    demand.peers(Set.of(ONE));
    demand.peers(Set.of(TWO));
    assertThat(demand.take(LONG, LONG)).contains(new Scope.Peers(Set.of(ONE, TWO)));
    assertThat(demand.take(LONG, Duration.ZERO)).contains(new Scope.Everything());
  }

  @Test
  void aPeerDoesNotWaitForTheRestBeforeEverything() throws Exception {
    demand.everything();
    demand.peers(Set.of(ONE));
    assertThat(demand.take(LONG, LONG)).contains(new Scope.Peers(Set.of(ONE)));
    assertThat(demand.take(Duration.ZERO, LONG)).contains(new Scope.Everything());
  }

  @Test
  void everythingHasThePeersInItAndIsTakenOnce() throws Exception {
    demand.peers(Set.of(ONE));
    demand.everything();
    assertThat(demand.take(Duration.ZERO, Duration.ZERO)).contains(new Scope.Everything());
    demand.peers(Set.of(TWO));
    assertThat(demand.take(LONG, LONG)).contains(new Scope.Peers(Set.of(TWO)));
  }

  @Test
  void whoWaitsIsWokenByADemandAndByTheEnd() throws Exception {
    Thread asking = Thread.ofVirtual().start(() -> demand.peers(Set.of(ONE)));
    assertThat(demand.take(LONG, LONG)).contains(new Scope.Peers(Set.of(ONE)));
    asking.join();
    Thread closing = Thread.ofVirtual().start(demand::close);
    assertThat(demand.take(LONG, LONG)).isEmpty();
    closing.join();
  }
}

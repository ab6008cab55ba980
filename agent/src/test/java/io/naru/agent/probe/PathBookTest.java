package io.naru.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.path.PathState;
import io.naru.core.probe.ChannelState;
import io.naru.core.probe.PathTap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What two nodes say of the paths between them, on a fabric that loses what the test says. */
class PathBookTest {
  private static final Duration A_WHILE = Duration.ofSeconds(10);

  private final Fabric fabric = new Fabric();

  @BeforeEach
  void startTwoNodes() {
    fabric.agent(1, 2);
    fabric.agent(2, 1);
  }

  private PathState state(int observer, int from, int to) {
    return fabric.at(observer, from, to).verdict().state();
  }

  private String reason(int observer, int from, int to) {
    return fabric.at(observer, from, to).verdict().reason();
  }

  private void assertBothEndsSay(int from, int to, PathState state) {
    assertThat(state(from, from, to)).as("sender: " + reason(from, from, to)).isEqualTo(state);
    assertThat(state(to, from, to)).as("receiver: " + reason(to, from, to)).isEqualTo(state);
  }

  private void channelIs(ChannelState state) {
    fabric.channels = (at, peer) -> state;
  }

  @Test
  void whereNothingIsLostBothPathsAreHealthy() {
    fabric.run(A_WHILE);
    assertBothEndsSay(1, 2, PathState.HEALTHY);
    assertBothEndsSay(2, 1, PathState.HEALTHY);
    assertThat(fabric.at(1)).hasSize(2).allSatisfy(path -> assertThat(path.chosen()).isTrue());
    assertThat(fabric.book(1).isInDoubt()).isFalse();
    assertThat(fabric.book(1).wantedNotices()).isEmpty();
  }

  @Test
  void oneDirectionIsBrokenAndTheOtherHealthy() {
    fabric.loss = LossGenerator.from("node1");
    fabric.run(A_WHILE);
    assertBothEndsSay(1, 2, PathState.BROKEN);
    assertBothEndsSay(2, 1, PathState.HEALTHY);
    assertThat(fabric.at(1, 1, 2).verdict().lastSeen()).contains(PathTap.SENDER_NIC);
    assertThat(fabric.at(1, 1, 2).verdict().notSeen()).contains(PathTap.RECEIVER_NIC);
    assertThat(fabric.at(2, 1, 2).verdict().notSeen()).contains(PathTap.RECEIVER_NIC);
    assertThat(fabric.book(2).wantedNotices())
        .anySatisfy(notice -> assertThat(notice.state()).isEqualTo(PathState.BROKEN));
  }

  @Test
  void aHoleForLargePacketsDegradesOneDirection() {
    fabric.loss = LossGenerator.from("node1").onlyLarge();
    fabric.run(A_WHILE);
    assertBothEndsSay(1, 2, PathState.DEGRADED);
    assertBothEndsSay(2, 1, PathState.HEALTHY);
    assertThat(reason(1, 1, 2)).contains("1450 bytes");
    assertThat(reason(2, 1, 2)).contains("1450 bytes");
  }

  @Test
  void aFifthOfThePacketsLostDegradesTheirDirectionAlone() {
    fabric.loss = LossGenerator.random(0.2, 42).andFrom("node1");
    fabric.run(Duration.ofSeconds(20));
    int degraded = 0;
    for (int second = 0; second < 60; second++) {
      fabric.run(Duration.ofSeconds(1));
      degraded += state(1, 1, 2) == PathState.DEGRADED ? 1 : 0;
      assertBothEndsSay(2, 1, PathState.HEALTHY);
    }
    assertThat(degraded).isGreaterThan(50);
    fabric.loss = LossGenerator.NONE;
    fabric.run(A_WHILE);
    assertBothEndsSay(1, 2, PathState.HEALTHY);
  }

  @ParameterizedTest
  @EnumSource(IpFamily.class)
  void aFamilyThatIsLostBreaksThePathAndIsNamed(IpFamily lost) {
    fabric.loss = LossGenerator.from("node1").ofFamily(lost);
    fabric.run(A_WHILE);
    assertBothEndsSay(1, 2, PathState.BROKEN);
    assertBothEndsSay(2, 1, PathState.HEALTHY);
    assertThat(reason(1, 1, 2))
        .startsWith(lost + ": no probe")
        .contains(lost.other() + " is healthy");
    assertThat(reason(2, 1, 2)).startsWith(lost + ": ").contains(lost.other() + " is healthy");
    assertThat(fabric.at(1, 1, 2).verdict().lastSeen()).contains(PathTap.SENDER_NIC);
    fabric.loss = LossGenerator.NONE;
    fabric.run(A_WHILE);
    assertBothEndsSay(1, 2, PathState.HEALTHY);
  }

  @ParameterizedTest
  @EnumSource(
      value = ChannelState.class,
      names = {"SILENT", "REFUSED", "NOT_AUTHENTICATED"})
  void withoutAChannelProbesProveHealthyPathsByThemselves(ChannelState closed) {
    channelIs(closed);
    fabric.run(A_WHILE);
    assertBothEndsSay(1, 2, PathState.HEALTHY);
    assertBothEndsSay(2, 1, PathState.HEALTHY);
    assertThat(reason(1, 1, 2)).contains("the agents' channel is closed");
  }

  @ParameterizedTest
  @EnumSource(
      value = ChannelState.class,
      names = {"SILENT", "REFUSED", "NOT_AUTHENTICATED"})
  void withoutAChannelTheBrokenDirectionIsStillNamed(ChannelState closed) {
    channelIs(closed);
    fabric.loss = LossGenerator.from("node1");
    fabric.run(Duration.ofSeconds(15));
    assertBothEndsSay(1, 2, PathState.BROKEN);
    assertBothEndsSay(2, 1, PathState.HEALTHY);
  }

  @Test
  void aChannelThatOnlyOneEndFindsClosedHidesNothing() {
    fabric.channels = (at, peer) -> at.equals("node1") ? ChannelState.SILENT : ChannelState.OPEN;
    fabric.run(A_WHILE);
    assertBothEndsSay(1, 2, PathState.HEALTHY);
    assertBothEndsSay(2, 1, PathState.HEALTHY);
    fabric.loss = LossGenerator.from("node1");
    fabric.run(Duration.ofSeconds(15));
    assertBothEndsSay(1, 2, PathState.BROKEN);
    assertBothEndsSay(2, 1, PathState.HEALTHY);
  }

  @Test
  void whereNothingPassesAtAllBothDirectionsAreBroken() {
    channelIs(ChannelState.SILENT);
    fabric.loss = probe -> true;
    fabric.run(Duration.ofSeconds(15));
    assertBothEndsSay(1, 2, PathState.BROKEN);
    assertBothEndsSay(2, 1, PathState.BROKEN);
  }

  @Test
  void aPeerThatJoinsLateIsNeverCalledBroken() {
    Fabric late = new Fabric();
    late.agent(1);
    late.run(A_WHILE);
    assertThat(late.at(1)).isEmpty();
    late.agent(1, 2);
    late.agent(2, 1);
    Set<PathState> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      late.run(Duration.ofMillis(250));
      late.at(1).forEach(path -> seen.add(path.verdict().state()));
      late.at(2).forEach(path -> seen.add(path.verdict().state()));
    }
    assertThat(seen).containsExactlyInAnyOrder(PathState.UNKNOWN, PathState.HEALTHY);
    assertThat(late.at(1, 1, 2).verdict().state()).isEqualTo(PathState.HEALTHY);
  }

  @Test
  void aPeerWhoseAgentEndsIsUnknownAndOneWhoseHostIsSilentIsBroken() {
    fabric.run(A_WHILE);
    fabric.end(2);
    channelIs(ChannelState.REFUSED);
    fabric.run(Duration.ofSeconds(15));
    assertThat(state(1, 1, 2)).isEqualTo(PathState.UNKNOWN);
    assertThat(state(1, 2, 1)).isEqualTo(PathState.UNKNOWN);

    channelIs(ChannelState.SILENT);
    fabric.run(A_WHILE);
    assertThat(state(1, 1, 2)).isEqualTo(PathState.BROKEN);
    assertThat(state(1, 2, 1)).isEqualTo(PathState.BROKEN);
  }

  @Test
  void aRestartOfAPeersAgentNeverMakesItsPathsLookDegradedOrBroken() {
    fabric.run(A_WHILE);
    fabric.end(2);
    channelIs(ChannelState.REFUSED);
    for (int step = 0; step < 100; step++) {
      fabric.run(Duration.ofMillis(50));
      assertNothingBadIsSaid();
    }
    fabric.agent(2, 1);
    channelIs(ChannelState.OPEN);
    for (int step = 0; step < 100; step++) {
      fabric.run(Duration.ofMillis(50));
      assertNothingBadIsSaid();
    }
    assertBothEndsSay(1, 2, PathState.HEALTHY);
    assertBothEndsSay(2, 1, PathState.HEALTHY);
  }

  private void assertNothingBadIsSaid() {
    assertThat(fabric.at(1))
        .allSatisfy(
            path ->
                assertThat(path.verdict().state())
                    .as(path.path() + ": " + path.verdict().reason())
                    .isIn(PathState.HEALTHY, PathState.UNKNOWN));
  }

  @Test
  void aGoodWordOfAPeerThatEndedDoesNotHideAnOutageForLong() {
    channelIs(ChannelState.SILENT);
    fabric.loss = LossGenerator.from("node2"); // node1 learns of its arrivals by the store alone
    fabric.run(A_WHILE);
    assertThat(state(1, 1, 2)).isEqualTo(PathState.HEALTHY);
    fabric.end(2);
    fabric.run(Duration.ofSeconds(14));
    assertThat(state(1, 1, 2)).isEqualTo(PathState.BROKEN);
  }

  @ParameterizedTest
  @ValueSource(longs = {-3600, -1, 1, 3600, 86_400_000})
  void aWallClockThatJumpsMakesNoTroubleAndHidesNone(long seconds) {
    fabric.run(A_WHILE);
    fabric.wallClockIsOff = Duration.ofSeconds(seconds);
    fabric.run(Duration.ofSeconds(2));
    assertBothEndsSay(1, 2, PathState.HEALTHY);
    assertThat(fabric.book(1).isInDoubt()).isFalse();

    fabric.loss = LossGenerator.from("node1");
    fabric.run(Duration.ofSeconds(3));
    fabric.wallClockIsOff = Duration.ofSeconds(-seconds);
    fabric.run(A_WHILE);
    assertBothEndsSay(1, 2, PathState.BROKEN);
    assertBothEndsSay(2, 1, PathState.HEALTHY);
    assertThat(fabric.book(1).isInDoubt()).isTrue();
    assertThat(fabric.book(1).wantedNotices()).isNotEmpty();

    fabric.loss = LossGenerator.NONE;
    fabric.run(A_WHILE);
    assertBothEndsSay(1, 2, PathState.HEALTHY);
    assertThat(fabric.book(1).wantedNotices()).isEmpty();
  }

  @Test
  void wherePathsAreWellTheChannelHasNothingToCarry() {
    fabric.run(A_WHILE);
    assertThat(fabric.book(1).reportsFor(new NodeName("node2"))).isEmpty();
    assertThat(fabric.book(2).reportsFor(new NodeName("node1"))).isEmpty();
    fabric.loss = LossGenerator.from("node1"); // node1's probes tell node2 nothing any more
    fabric.run(Duration.ofSeconds(2));
    fabric.channels = (at, peer) -> ChannelState.OPEN;
    fabric.run(A_WHILE);
    assertBothEndsSay(2, 1, PathState.HEALTHY);
  }

  @Test
  void aPeerThatLeavesTheClusterTakesItsPathsAlong() {
    fabric.loss = LossGenerator.from("node1");
    fabric.run(A_WHILE);
    assertThat(fabric.book(1).wantedNotices()).isNotEmpty();
    fabric.end(2);
    fabric.agent(1);
    fabric.run(Duration.ofSeconds(1));
    assertThat(fabric.at(1)).isEmpty();
    assertThat(fabric.book(1).isInDoubt()).isFalse();
    assertThat(fabric.book(1).wantedNotices()).isEmpty();
    assertThat(fabric.book(1).due()).isEmpty();
  }

  @Test
  void aPathIsHealthyAgainSoonAfterAnOutage() {
    fabric.run(A_WHILE);
    Instant wellSince = fabric.at(1, 1, 2).since();
    fabric.loss = LossGenerator.from("node1");
    fabric.run(Duration.ofSeconds(30));
    assertBothEndsSay(1, 2, PathState.BROKEN);
    assertThat(fabric.at(1, 1, 2).since()).isAfter(wellSince);
    Instant healed = fabric.wallClock();
    fabric.loss = LossGenerator.NONE;
    fabric.run(A_WHILE);
    assertBothEndsSay(1, 2, PathState.HEALTHY);
    assertThat(fabric.at(1, 1, 2).since()).isAfterOrEqualTo(healed);
    assertThat(fabric.book(1).wantedNotices()).isEmpty();
    assertThat(fabric.book(2).wantedNotices()).isEmpty();
  }

  @Test
  void amongThreeNodesOneBrokenPathLeavesTheOthersHealthy() {
    fabric.agent(1, 2, 3);
    fabric.agent(2, 1, 3);
    fabric.agent(3, 1, 2);
    fabric.loss = probe -> probe.from().text().equals("node1") && probe.to().text().equals("node3");
    fabric.run(A_WHILE);
    for (int from = 1; from <= 3; from++) {
      for (int to = 1; to <= 3; to++) {
        if (from != to) {
          boolean lost = from == 1 && to == 3;
          assertBothEndsSay(from, to, lost ? PathState.BROKEN : PathState.HEALTHY);
        }
      }
    }
  }
}

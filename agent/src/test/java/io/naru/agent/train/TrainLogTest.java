package io.naru.agent.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.path.Transport;
import io.naru.core.probe.TrainKind;
import io.naru.core.probe.TrainPacket;
import org.junit.jupiter.api.Test;

class TrainLogTest {
  private static final long MILLISECOND = 1_000_000L;
  private static final long OPENED = 77_000 * MILLISECOND;
  private static final TrainKind KIND = TrainKind.STEADY;
  private static final long GAP = KIND.duration().toNanos() / KIND.packets();

  private final TrainLog log = new TrainLog("node2", OPENED);

  /** The packets of a train from that one on, each in its time. */
  private long arrive(int first, long begin) {
    long at = begin;
    for (int sequence = first; sequence < KIND.packets(); sequence++) {
      at = begin + GAP * sequence;
      TrainPacket packet =
          new TrainPacket(
              1,
              KIND,
              Transport.VXLAN,
              IpFamily.IPV4,
              sequence,
              92,
              new NodeName("node1"),
              new NodeName("node2"));
      log.passed(packet, false, at, at);
      log.passed(packet, true, at, at);
    }
    return at;
  }

  @Test
  void aTrainThatBeganAfterTheTapsWereOpenedCountsAlsoWhereItsFirstPacketsWereLost() {
    long last = arrive(3, OPENED + 5 * MILLISECOND);
    assertThat(log.counts(last + 400 * MILLISECOND))
        .singleElement()
        .satisfies(count -> assertThat(count.atVtep()).isEqualTo(KIND.packets() - 3));
  }

  @Test
  void oneThatBeganBeforeDoesNot() {
    long last = arrive(3, OPENED - 2 * GAP - MILLISECOND);
    assertThat(log.counts(last + 400 * MILLISECOND)).isEmpty();
  }

  @Test
  void neitherDoesOneThatMayStillBeOnItsWay() {
    long last = arrive(0, OPENED + 5 * MILLISECOND);
    assertThat(log.counts(last + 100 * MILLISECOND)).isEmpty();
  }
}

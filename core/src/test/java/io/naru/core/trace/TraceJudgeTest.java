package io.naru.core.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.judge.PortVerdict;
import io.naru.core.error.NaruException;
import io.naru.core.trace.NodeTrace.Attempt;
import io.naru.core.trace.Sighting.Kind;
import io.naru.core.trace.TraceReport.Difference;
import io.naru.core.trace.TraceReport.Step;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceJudgeTest {
  private static final DoctorReport WELL =
      new DoctorReport(true, List.of(), List.of("2 nodes"), List.of());

  @Test
  void aHealthyWalkHasAllTapsInOrderBothWays() {
    TraceReport report = new Story().there(8).back(Kind.ANSWER, 8).echo();
    assertThat(report.outcome()).isEqualTo("answered");
    assertThat(report.exitCode()).isZero();
    assertThat(report.requests())
        .extracting(Step::tap)
        .containsExactly(
            "a/eth0",
            "node1/veth",
            "node1/vtep",
            "node1/nic",
            "node2/nic",
            "node2/vtep",
            "node2/veth",
            "b/eth0");
    assertThat(report.replies())
        .extracting(Step::tap)
        .containsExactlyElementsOf(report.requests().reversed().stream().map(Step::tap).toList());
    assertThat(report.requests()).allMatch(step -> step.seen() == 3 && step.watched());
    assertThat(report.requests().getFirst().microseconds()).contains(0L);
    assertThat(report.requests()).extracting(step -> step.microseconds().orElseThrow()).isSorted();
  }

  @Test
  void whatChangesInTheHeadersIsTold() {
    TraceReport report = new Story().there(8).back(Kind.ANSWER, 8).echo();
    assertThat(report.requests().get(2).changes())
        .containsExactly(new Difference("hop limit", "TTL 64 → 63"));
    assertThat(report.requests().get(3).changes())
        .containsExactly(
            new Difference("encapsulated", "into VXLAN 1, 172.26.50.11 → 172.26.50.12 UDP 8472"));
    assertThat(report.requests().get(3).bytes()).contains(87);
    assertThat(report.requests().get(5).changes())
        .containsExactly(new Difference("decapsulated", "out of VXLAN 1"));
  }

  @Test
  void translatedAddressesAndPortsAreTold() {
    Header before = new Header(Story.A, Story.B, 4000, 53, 64, 60, true);
    Header after = new Header(Story.NODE1, Story.B, 5000, 53, 63, 60, false);
    assertThat(Change.between(sight(before), sight(after)).stream().map(Change::text))
        .containsExactly("source 10.244.0.2:4000 → 172.26.50.11:5000", "TTL 64 → 63", "DF cleared");
  }

  private static Sighting sight(Header header) {
    return new Sighting(Tap.NIC, 0, Kind.REQUEST, 1, header, Optional.empty(), "");
  }

  @ParameterizedTest
  @CsvSource({
    "0, , a/eth0",
    "1, a/eth0, node1/veth",
    "3, node1/vtep, node1/nic",
    "4, node1/nic, node2/nic",
    "6, node2/vtep, node2/veth",
    "7, node2/veth, b/eth0"
  })
  void lostOnTheWayThere(int taps, String lastSeen, String notSeen) {
    TraceReport report = new Story().there(taps).echo();
    assertThat(report.outcome()).isEqualTo("lost");
    assertThat(report.exitCode()).isEqualTo(1);
    assertThat(report.lastSeen()).isEqualTo(Optional.ofNullable(lastSeen));
    assertThat(report.notSeen()).contains(notSeen);
    assertThat(report.replies()).isEmpty();
    assertThat(report.wouldRulesTell()).isEqualTo(taps == 3 || taps == 6);
  }

  @Test
  void lostOnTheWayBack() {
    TraceReport report = new Story().there(8).back(Kind.ANSWER, 4).echo();
    assertThat(report.outcome()).isEqualTo("lost");
    assertThat(report.lastSeen()).contains("node2/nic");
    assertThat(report.notSeen()).contains("node1/nic");
    assertThat(report.sentence()).contains("the answer of b");
  }

  @Test
  void someLost() {
    TraceReport report = new Story().there(8, 2).there(4).back(Kind.ANSWER, 8).echo();
    assertThat(report.answered()).isEqualTo(3); // answers count, whatever was seen on the way
    TraceReport lossy = new Story().there(4).there(8, 1).echo();
    assertThat(lossy.lastSeen()).contains("node1/nic");
    assertThat(lossy.requests().get(4).seen()).isEqualTo(1);
  }

  @Test
  void aRefusalOfTheDestinationProvesThePath() {
    TraceReport report = new Story().there(8).back(Kind.REFUSAL, 8).tcp();
    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.exitCode()).isZero();
  }

  @Test
  void aHopThatRefusesIsNamed() {
    TraceReport report =
        new Story()
            .there(4)
            .error(Tap.NIC, IpAddress.parse("172.26.50.1"), "administratively prohibited")
            .tcp();
    assertThat(report.outcome()).isEqualTo("rejected");
    assertThat(report.sentence())
        .isEqualTo("172.26.50.1 refuses TCP 80: administratively prohibited");
    assertThat(report.lastSeen()).contains("node1/nic");
  }

  @Test
  void deliveredAndNotAnswered() {
    TraceReport report = new Story().there(8).tcp();
    assertThat(report.outcome()).isEqualTo("delivered");
    assertThat(report.exitCode()).isEqualTo(2);
    assertThat(report.replies()).allMatch(step -> step.seen() == 0);
  }

  @Test
  void whereNobodyWatchesNothingIsSaidToBeLost() {
    TraceReport report = new Story().there(4).half();
    assertThat(report.lastSeen()).contains("node1/nic");
    assertThat(report.notSeen()).isEmpty();
    assertThat(report.sentence()).contains("nobody watches");
    assertThat(report.requests().getLast().watched()).isFalse();
    assertThat(report.notWatched()).containsExactly("node2 is silent");
    TraceReport answered = new Story().there(8).back(Kind.ANSWER, 8).half();
    assertThat(answered.outcome()).isEqualTo("answered");
  }

  @Test
  void nodesOfTwoKernelsCountEachByItsOwnClock() {
    TraceReport report = new Story().otherClock().there(8).back(Kind.ANSWER, 8).echo();
    assertThat(report.oneClock()).isFalse();
    assertThat(report.requests().get(0).microseconds()).contains(0L);
    assertThat(report.requests().get(4).microseconds()).contains(0L);
    assertThat(new Story().there(8).echo().requests().get(4).microseconds()).contains(20L);
  }

  @Test
  void whatTheKernelDoesNotTakeIsNotLostOnTheWay() {
    List<Attempt> refused =
        List.of(
            new Attempt(0, Optional.of("too large")),
            new Attempt(1, Optional.of("too large")),
            new Attempt(2, Optional.of("too large")));
    TraceReport report =
        TraceJudge.of(
            Story.order(ProbeKind.UDP, 53),
            new Story().near(refused),
            Optional.of(new Story().far()),
            List.of());
    assertThat(report.outcome()).isEqualTo("not-sent");
    assertThat(report.sentence()).contains("too large");
    assertThat(report.sent()).isZero();
  }

  @Test
  void anOrderThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> Story.order(ProbeKind.TCP, 0)).isInstanceOf(NaruException.class);
    assertThatThrownBy(() -> Story.order(ProbeKind.ECHO, 80)).isInstanceOf(NaruException.class);
  }

  @Test
  void aPortThatARuleDropsIsAPolicy() {
    TraceReport port = new Story().there(6).drop().tcp();
    TraceReport plain = new Story().there(8).back(Kind.ANSWER, 8).echo();
    DoctorReport report = PortVerdict.with(WELL, port, Optional.of(plain));
    assertThat(report.exitCode()).isEqualTo(1);
    Verdict verdict = report.verdicts().getFirst();
    assertThat(verdict.fault()).isEqualTo("policy-one-port");
    assertThat(verdict.title()).isEqualTo("node2 drops TCP 80 from a to b: tcp dport 80 drop");
    assertThat(verdict.certainty()).isEqualTo(Certainty.OBSERVED);
    assertThat(verdict.lastSeen()).contains("node2/vtep");
    assertThat(verdict.remedy().getFirst().command())
        .isEqualTo("nft delete rule inet web forward handle 7");
  }

  @Test
  void aPortThatIsLostLikeAllElseHasNoName() {
    TraceReport lost = new Story().there(6).tcp();
    DoctorReport report = PortVerdict.with(WELL, lost, Optional.of(new Story().there(6).echo()));
    assertThat(report.verdicts().getFirst().fault()).isEqualTo(Verdict.UNEXPLAINED);
    assertThat(report.exitCode()).isEqualTo(2);
  }

  @Test
  void nobodyListeningIsNoFaultOfTheNetwork() {
    TraceReport refused = new Story().there(8).back(Kind.REFUSAL, 8).tcp();
    DoctorReport report = PortVerdict.with(WELL, refused, Optional.empty());
    assertThat(report.verdicts().getFirst().fault()).isEqualTo("service-no-listener");
    TraceReport answered = new Story().there(8).back(Kind.ANSWER, 8).tcp();
    assertThat(PortVerdict.with(WELL, answered, Optional.empty()).exitCode()).isZero();
    TraceReport silent = new Story().there(8).tcp();
    assertThat(PortVerdict.with(WELL, silent, Optional.empty()).verdicts().getFirst().fault())
        .isEqualTo("service-silent");
  }
}

package io.naru.core.diagnosis.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.ServiceWalk;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.judge.ServiceCase.Frontend;
import io.naru.core.diagnosis.judge.ServiceCase.Target;
import io.naru.core.diagnosis.judge.ServiceCase.Trial;
import io.naru.core.path.PathState;
import io.naru.core.trace.Outcome;
import io.naru.core.trace.TraceReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A service with a backend on node1 and one on node2, asked from both nodes. */
class ServiceReportTest {
  private static final String NEAR = "10.244.1.5";
  private static final String FAR = "10.244.2.5";
  private static final List<String> BOTH = List.of("node1", "node2");
  private static final DoctorReport WELL =
      new DoctorReport(true, List.of(), List.of("2 nodes", "2 paths"), List.of());

  private static DoctorReport blocked() {
    return new DoctorReport(
        false,
        List.of(
            new Verdict(
                "NARU-UNDERLAY-PORT-BLOCKED",
                "underlay-port-blocked",
                PathState.BROKEN,
                "UDP 8472 from node1 does not reach node2",
                List.of(new NodePair("node1", "node2")),
                Optional.of("node1/nic"),
                Optional.of("node2/nic"),
                Certainty.OBSERVED,
                List.of("seen"),
                List.of("ruled out"),
                List.of(),
                List.of())),
        List.of("2 nodes"),
        List.of());
  }

  private static String node(String address) {
    return address.equals(NEAR) ? "node1" : "node2";
  }

  private static Target target(String address, String state, boolean nobody, List<String> by) {
    return new Target(address, Optional.of(8053), Optional.of(node(address)), state, nobody, by);
  }

  private static ServiceCase of(List<Target> targets, String protocol, Trial... trials) {
    return new ServiceCase(
        "kube-system/dns",
        BOTH,
        List.of(
            new Frontend(
                Optional.of("10.96.0.10"), Optional.of(53), Optional.of(protocol), targets)),
        List.of(trials));
  }

  private static List<Target> ready() {
    return List.of(target(NEAR, "ready", false, BOTH), target(FAR, "ready", false, BOTH));
  }

  private static Trial trial(String from, String to, String protocol, Outcome outcome) {
    boolean lost = outcome == Outcome.LOST;
    return new Trial(
        from,
        from,
        to,
        protocol,
        8053,
        Optional.of(
            new TraceReport(
                from,
                to,
                Optional.of(from),
                Optional.of(node(to)),
                "10.244.1.1",
                to,
                protocol,
                Optional.of(8053),
                3,
                0,
                0,
                outcome.toString(),
                "the outcome is " + outcome,
                lost ? Optional.of(from + "/nic") : Optional.empty(),
                lost ? Optional.of(node(to) + "/nic") : Optional.empty(),
                true,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of())),
        Optional.empty(),
        Optional.empty());
  }

  /** All four ways, of which that from node1 to node2 ends so. */
  private static Trial[] ways(String protocol, Outcome outcome, Outcome others) {
    List<Trial> trials = new ArrayList<>();
    for (String from : BOTH) {
      for (String to : List.of(NEAR, FAR)) {
        boolean meant = from.equals("node1") && to.equals(FAR);
        trials.add(trial(from, to, protocol, meant ? outcome : others));
      }
    }
    return trials.toArray(Trial[]::new);
  }

  private static Verdict only(DoctorReport report) {
    assertThat(report.healthy()).isFalse();
    assertThat(report.verdicts()).hasSize(1);
    return report.verdicts().getFirst();
  }

  private static String conclusion(DoctorReport report) {
    return report.service().map(ServiceWalk::conclusion).orElseThrow();
  }

  @Test
  void whereAllIsWellTheServiceAndThePathsAreInnocent() {
    DoctorReport report =
        ServiceReport.with(
            WELL, of(ready(), "tcp", ways("tcp", Outcome.ANSWERED, Outcome.ANSWERED)));
    assertThat(report.healthy()).isTrue();
    assertThat(report.exitCode()).isZero();
    assertThat(report.notExamined()).isEmpty();
    assertThat(report.examined())
        .contains("the service kube-system/dns with 2 backends from node1, node2");
    assertThat(conclusion(report)).contains("are well", "nothing between node1, node2");
    ServiceWalk walk = report.service().orElseThrow();
    assertThat(walk.frontends().getFirst().backends())
        .allSatisfy(
            backend ->
                assertThat(backend.ways())
                    .extracting(ServiceWalk.Way::result)
                    .containsExactly("answers", "answers"));
  }

  @Test
  void datagramsThatNobodyRefusesProveNoAnswer() {
    DoctorReport report =
        ServiceReport.with(
            WELL, of(ready(), "udp", ways("udp", Outcome.DELIVERED, Outcome.DELIVERED)));
    assertThat(report.exitCode()).isZero();
    assertThat(report.notExamined())
        .singleElement()
        .asString()
        .startsWith("whether UDP 8053 at 10.244.1.5 on node1, UDP 8053 at 10.244.2.5 on node2 are");
  }

  @Test
  void anAnswerToSomeOfTheDatagramsThatAllArriveIsNoLoss() {
    DoctorReport report =
        ServiceReport.with(
            WELL, of(ready(), "udp", ways("udp", Outcome.PARTLY_LOST, Outcome.ANSWERED)));
    assertThat(report.exitCode()).isZero();
  }

  @Test
  void aPathsVerdictStaysAndSaysWhatItMeansForTheService() {
    DoctorReport report =
        ServiceReport.with(
            blocked(), of(ready(), "udp", ways("udp", Outcome.LOST, Outcome.DELIVERED)));
    Verdict verdict = only(report);
    assertThat(verdict.fault()).isEqualTo("underlay-port-blocked");
    assertThat(verdict.evidence())
        .contains(
            "seen",
            "the service kube-system/dns: its backend 10.244.2.5 on node2 is behind this path;"
                + " connections to it from node1 fail");
    assertThat(verdict.ruledOut())
        .contains(
            "ruled out",
            "the service: its other backend 10.244.1.5 on node1 gets packets of node1",
            "the service's table on node1: it leads to 10.244.1.5, 10.244.2.5");
    assertThat(conclusion(report)).contains("is innocent", "From node1 about 1 of 2");
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @Test
  void aNodeThatAvoidsTheBrokenPathIsSaidToDoSo() {
    List<Target> targets =
        List.of(target(NEAR, "ready", false, BOTH), target(FAR, "ready", false, List.of("node2")));
    DoctorReport report =
        ServiceReport.with(
            blocked(), of(targets, "tcp", ways("tcp", Outcome.LOST, Outcome.ANSWERED)));
    assertThat(only(report).evidence())
        .anyMatch(line -> line.contains("it gets no new connections from node1 meanwhile"));
    assertThat(only(report).ruledOut())
        .contains("the service's table on node1: it leads to 10.244.1.5");
    assertThat(conclusion(report)).contains("New connections go to backends that can be reached");
  }

  @Test
  void whereNobodyListensItIsTheServicesOwnTrouble() {
    DoctorReport report =
        ServiceReport.with(
            WELL, of(ready(), "tcp", ways("tcp", Outcome.REFUSED, Outcome.ANSWERED)));
    Verdict verdict = only(report);
    assertThat(verdict.fault()).isEqualTo("service-broken");
    assertThat(verdict.state()).isEqualTo(PathState.DEGRADED);
    assertThat(verdict.title())
        .isEqualTo(
            "nobody listens on TCP 8053 at 10.244.2.5 on node2, a backend of kube-system/dns");
    assertThat(verdict.ruledOut()).anyMatch(line -> line.startsWith("the network:"));
    assertThat(verdict.remedy()).anyMatch(remedy -> remedy.command().equals("ss -lntup"));
    assertThat(conclusion(report)).contains("the service's own", "The network carries");
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @Test
  void allBackendsThatRefuseAreOneVerdictAndTheServiceIsBroken() {
    Verdict verdict =
        only(
            ServiceReport.with(
                WELL, of(ready(), "udp", ways("udp", Outcome.REFUSED, Outcome.REFUSED))));
    assertThat(verdict.state()).isEqualTo(PathState.BROKEN);
    assertThat(verdict.title()).endsWith("(and 1 more port)");
  }

  @Test
  void aSilentBackendIsNotThePathsFault() {
    Verdict verdict =
        only(
            ServiceReport.with(
                WELL, of(ready(), "tcp", ways("tcp", Outcome.DELIVERED, Outcome.ANSWERED))));
    assertThat(verdict.fault()).isEqualTo("service-broken");
    assertThat(verdict.title()).contains("does not answer");
    assertThat(verdict.remedy()).anyMatch(remedy -> remedy.command().contains("ListenOverflows"));
  }

  @Test
  void anAddressThatNobodyHasIsNamed() {
    List<Target> targets =
        List.of(target(NEAR, "ready", false, BOTH), target(FAR, "ready", true, BOTH));
    DoctorReport report =
        ServiceReport.with(
            WELL,
            of(
                targets,
                "tcp",
                trial("node1", NEAR, "tcp", Outcome.ANSWERED),
                trial("node1", FAR, "tcp", Outcome.REJECTED)));
    assertThat(only(report).title())
        .isEqualTo(
            "a backend of kube-system/dns is nobody's address: 10.244.2.5 on node2 has no pod with"
                + " it");
  }

  @Test
  void aServiceWithoutBackendsRefuses() {
    DoctorReport report = ServiceReport.with(WELL, of(List.of(), "tcp"));
    assertThat(only(report).title()).contains("has no backend: connections to it are refused");
    assertThat(only(report).state()).isEqualTo(PathState.BROKEN);
    assertThat(report.exitCode()).isEqualTo(1);
    Verdict notReady =
        only(
            ServiceReport.with(
                WELL,
                of(
                    List.of(target(NEAR, "not-ready", false, List.of())),
                    "tcp",
                    trial("node2", NEAR, "tcp", Outcome.ANSWERED))));
    assertThat(notReady.title()).contains("no backend that is ready");
  }

  @Test
  void aNodeThatMayOnlyUseItsOwnBackendsAndHasNoneIsNamed() {
    Verdict verdict =
        only(
            ServiceReport.with(
                WELL,
                of(
                    List.of(target(FAR, "ready", false, List.of("node2"))),
                    "tcp",
                    trial("node1", FAR, "tcp", Outcome.ANSWERED))));
    assertThat(verdict.title())
        .isEqualTo("the service kube-system/dns refuses connections from node1");
  }

  @Test
  void whatIsLostOnAHealthyPathHasAVerdictOfItsOwn() {
    ServiceCase lost = of(ready(), "tcp", ways("tcp", Outcome.LOST, Outcome.ANSWERED));
    assertThat(lost.needingPlain(WELL)).hasSize(1);
    assertThat(lost.needingPlain(blocked())).isEmpty();
    DoctorReport report = ServiceReport.with(WELL, lost);
    assertThat(only(report).fault()).isEqualTo(Verdict.UNEXPLAINED);
    assertThat(report.exitCode()).isEqualTo(2);
    TraceReport echo = trial("node1", FAR, "tcp", Outcome.ANSWERED).trace().orElseThrow();
    ServiceCase more =
        new ServiceCase(
            lost.name(),
            lost.observers(),
            lost.frontends(),
            lost.trials().stream().map(trial -> trial.withPlain(echo)).toList());
    assertThat(only(ServiceReport.with(WELL, more)).fault()).isEqualTo("policy-one-port");
  }

  @Test
  void whereNothingCouldBeTriedNothingIsSaid() {
    Trial failed =
        new Trial(
            "node1",
            "node1",
            FAR,
            "tcp",
            8053,
            Optional.empty(),
            Optional.empty(),
            Optional.of("its agent is away"));
    DoctorReport report = ServiceReport.with(WELL, of(ready(), "tcp", failed));
    assertThat(report.healthy()).isFalse();
    assertThat(report.exitCode()).isEqualTo(3);
    assertThat(report.notExamined()).contains("node1 did not try: its agent is away");
    assertThat(conclusion(report)).contains("none was tried");
  }

  @Test
  void aVerdictOfOtherPathsIsNotHeldAgainstTheService() {
    Trial[] near = {trial("node1", NEAR, "tcp", Outcome.ANSWERED)};
    DoctorReport report =
        ServiceReport.with(blocked(), of(List.of(target(NEAR, "ready", false, BOTH)), "tcp", near));
    assertThat(only(report).evidence()).containsExactly("seen");
    assertThat(conclusion(report)).contains("does not concern it");
  }
}

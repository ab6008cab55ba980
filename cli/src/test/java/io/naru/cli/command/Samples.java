package io.naru.cli.command;

import io.naru.api.NodeRow;
import io.naru.api.PathRow;
import io.naru.api.PodRow;
import io.naru.api.ServiceRow;
import io.naru.api.StatusReport;
import io.naru.api.TunnelRow;
import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.ServiceWalk;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.history.HistoryEntry;
import io.naru.core.path.PathState;
import io.naru.core.trace.TraceReport;
import io.naru.lab.LabStatus;
import io.naru.lab.fault.Expectation;
import io.naru.lab.topology.FirewallPolicy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One row of each list, every field given, and as long as a field can be. */
final class Samples {
  /** As long as a label of a host's name may be: RFC 1035, section 2.3.4. */
  static final String NODE = longName("node-in-frankfurt");

  static final String PEER = longName("peer-in-singapore");
  static final String POD = longName("a-pod");

  private static final String SINCE = "2026-01-02T03:04:05Z";
  private static final String MAC = "0a:58:0a:f4:00:01";
  private static final List<String> CIDRS = List.of("10.244.255.0/24", "fd44:1111:2222:3333::/64");
  private static final List<String> ADDRESSES =
      List.of("172.126.150.111", "2001:db8:1111:2222:3333:4444:5555:6666");
  private static final String REASON =
      "nothing passes to the peer: no probe is answered and the agents' TCP port is silent; the"
          + " node may be down, or a firewall on the way drops UDP 8472 and TCP 8472 alike";

  private Samples() {}

  private static String longName(String begin) {
    return begin + "-" + "x".repeat(62 - begin.length());
  }

  static StatusReport status() {
    Map<String, Long> paths = new LinkedHashMap<>();
    for (PathState state : PathState.values()) {
      paths.put(state.toString(), 1234L);
    }
    return new StatusReport(
        NODE,
        "0.1.0",
        "retrying",
        new StatusReport.Underlay("enp134s0f1np1.42", 9000, ADDRESSES, REASON),
        CIDRS,
        8950,
        "direct",
        new StatusReport.Store(false, SINCE, "the store is away: " + REASON),
        1000,
        255,
        paths,
        List.of("add route 10.244.1.0/24: the kernel refused it: " + REASON, REASON),
        Optional.of(SINCE),
        List.of("+ route fd44:1111:2222:3333::/64 via fe80::ff:fe00:2 dev naru-vxlan onlink"),
        Optional.of(new StatusReport.Comparison(1234, 30_012, 81.25, 3, 12.5)));
  }

  static NodeRow node() {
    return new NodeRow(
        NODE,
        "foreign",
        ADDRESSES,
        CIDRS,
        MAC,
        16_777_215,
        65_535,
        65_535,
        "direct",
        REASON,
        Optional.of(SINCE));
  }

  static PathRow path() {
    return new PathRow(
        NODE,
        PEER,
        "vxlan",
        "degraded",
        SINCE,
        REASON,
        Optional.of(NODE + "/nic"),
        Optional.of(PEER + "/nic"),
        NODE);
  }

  static TunnelRow tunnel() {
    return new TunnelRow(
        NODE,
        PEER,
        ADDRESSES.getLast(),
        CIDRS,
        MAC,
        16_777_215,
        65_535,
        "naru-vxlan",
        true,
        Long.MAX_VALUE,
        Long.MAX_VALUE);
  }

  static PodRow pod() {
    return new PodRow(
        POD,
        Optional.of(longName("a-name-space")),
        NODE,
        List.of("10.244.255.254", "fd44:1111:2222:3333:4444:5555:6666:7777"),
        "0123456789abcdef".repeat(4),
        "eth0",
        "naru0123456789a",
        SINCE);
  }

  static ServiceRow service() {
    return new ServiceRow(
        longName("a-name-space") + "/" + longName("a-service"),
        Optional.of("fd00:10:96:1111:2222:3333:4444:5555"),
        Optional.of(65535),
        Optional.of("tcp"),
        Optional.of("http"),
        Optional.of(32767),
        List.of(
            new ServiceRow.Target(
                "fd44:1111:2222:3333:4444:5555:6666:7777",
                Optional.of(65535),
                Optional.of(NODE),
                "terminating",
                "degraded",
                true)),
        NODE);
  }

  static LabStatus lab() {
    List<IpAddress> addresses = ADDRESSES.stream().map(IpAddress::parse).toList();
    String lab = "a-lab-of-twenty-char";
    return new LabStatus(
        lab,
        List.of(new LabStatus.NodeStatus(NODE, lab + "-" + NODE, "sub199", addresses, true, true)),
        List.of(
            new LabStatus.PodStatus(
                POD, lab + "-pod-" + POD, NODE, addresses, "/sys/fs/cgroup/x", true)),
        List.of(
            new LabStatus.FaultStatus(
                "underlay-all-udp-blocked",
                REASON,
                Optional.of(NODE),
                Optional.of(PEER),
                Long.MAX_VALUE)),
        FirewallPolicy.DEFAULT_DENY,
        Long.MAX_VALUE,
        new LabStatus.WorldStatus(lab + "-world", addresses, true),
        new LabStatus.ServerStatus(addresses, 65_535, true));
  }

  static FaultRow fault() {
    return new FaultRow(
        "underlay-all-udp-blocked",
        "receiving node",
        REASON,
        REASON,
        false,
        Optional.of(REASON),
        List.of(
            new FaultRow.Expected(
                Expectation.Way.THERE,
                PathState.DEGRADED,
                Optional.of("FROM/nic"),
                Optional.of("TO/nic"),
                Expectation.Reach.PAIR,
                Optional.of("direct"))));
  }

  static HistoryCommand.Row history() {
    return HistoryCommand.Row.of(
        "node1",
        new HistoryEntry(
            Instant.EPOCH,
            Optional.of(Instant.EPOCH.plusSeconds(60)),
            HistoryEntry.Kind.VERDICT,
            "NARU-UNDERLAY-PORT-BLOCKED",
            "UDP 8472 from node1 does not reach node2",
            List.of(new NodePair("node1", "node2")),
            Optional.of("node1/nic ✗ node2/nic"),
            1));
  }

  static DoctorReport report() {
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
                List.of("not checked"),
                List.of(Remedy.judged("open UDP 8472", "aws ec2 …")))),
        List.of("3 nodes", "6 paths"),
        List.of("node3 is away"),
        Optional.of(
            new ServiceWalk(
                "kube-system/dns",
                "The service is innocent",
                List.of(
                    new ServiceWalk.Frontend(
                        Optional.of("10.96.0.10"),
                        Optional.of(53),
                        Optional.of("udp"),
                        List.of(
                            new ServiceWalk.Target(
                                "10.244.2.5",
                                Optional.of(53),
                                Optional.of("node2"),
                                "ready",
                                List.of(
                                    new ServiceWalk.Way(
                                        "node1",
                                        "lost",
                                        Optional.of("node1/nic"),
                                        Optional.of("node2/nic"))))))))));
  }

  static TraceReport trace() {
    List<TraceReport.Step> steps =
        List.of(
            new TraceReport.Step(
                "node1/nic",
                Optional.of("eth0"),
                true,
                3,
                Optional.of(58L),
                Optional.of(110),
                List.of(new TraceReport.Difference("encapsulated", REASON))));
    return new TraceReport(
        POD,
        POD,
        Optional.of(NODE),
        Optional.of(PEER),
        "10.244.0.2",
        "10.244.1.2",
        "tcp",
        Optional.of(80),
        3,
        0,
        0,
        "lost",
        REASON,
        Optional.of("node2/vtep"),
        Optional.of("node2/veth"),
        true,
        steps,
        steps,
        List.of(new TraceReport.HopError("172.26.50.1", REASON, "node1/nic")),
        List.of(new TraceReport.Drop(PEER, "inet web forward", REASON, Optional.of("2"))),
        List.of(REASON));
  }
}

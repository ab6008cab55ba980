package io.naru.cli.command;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.Remedy;
import io.naru.doctor.audit.AuditReport;
import io.naru.doctor.audit.Finding;
import io.naru.doctor.audit.Need;
import io.naru.doctor.compare.AddressSource;
import io.naru.doctor.compare.Comparison;
import io.naru.doctor.compare.DirectionComparison;
import io.naru.doctor.compare.FlowKey;
import io.naru.doctor.compare.IcmpReport;
import io.naru.doctor.compare.Tally;
import io.naru.doctor.compare.TrafficKind;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/** What the commands that read files print, with every field. */
final class FileSamples {
  private static final IpAddress NODE_1 = IpAddress.parse("172.26.50.11");
  private static final IpAddress NODE_2 = IpAddress.parse("172.26.50.12");

  private FileSamples() {}

  static CompareCommand.Compared compared() {
    Tally lost = new Tally(20, 0, 20, 0, 0, 84, 84);
    FlowKey flow =
        new FlowKey(
            IpAddress.parse("10.244.0.2"), IpAddress.parse("10.244.1.2"), 17, 40000, 53, true);
    DirectionComparison direction =
        new DirectionComparison(
            "node1",
            "node2",
            Map.of(TrafficKind.TUNNEL, lost),
            new TreeSet<>(List.of(8472)),
            new TreeSet<>(List.of(1)),
            List.of(new DirectionComparison.FlowTally(flow, TrafficKind.TUNNEL, lost)),
            1,
            List.of(new DirectionComparison.SizeTally(0, 127, lost)),
            List.of(
                new DirectionComparison.CountedReport(
                    new IcmpReport(NODE_2, false, 3, 3, NODE_1, NODE_2, 17, 8472, 0), 4)),
            0,
            false);
    return new CompareCommand.Compared(
        new Comparison(
            new Comparison.Side("node1", List.of(NODE_1), AddressSource.EVERY_PACKET, 412, 12_000),
            new Comparison.Side("node2", List.of(NODE_2), AddressSource.EVERY_PACKET, 371, 12_400),
            OptionalLong.of(180_000),
            List.of(direction),
            List.of("node2 was captured 400 ms longer")),
        Samples.report());
  }

  static AuditReport audit() {
    return new AuditReport(
        "flannel",
        List.of("groups.json"),
        List.of(
            new Finding(
                Finding.CLOSED,
                Need.vxlan(8472),
                "sg-0a1 (workers)",
                "the other nodes",
                "sg-0a1 (workers)",
                "no rule of sg-0a1 (workers) lets in UDP 8472",
                List.of("it lets in TCP 22 from 0.0.0.0/0"),
                true,
                List.of(Remedy.judged("let in UDP 8472", "aws ec2 …")))),
        List.of("TCP 10250 from sg-0a1 (workers)"),
        List.of("the nodes' groups, by their names: sg-0a1 (workers)"),
        List.of("network ACLs"));
  }
}

package io.naru.cli.command;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.diagnosis.CountedDrop;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.doctor.peer.Look;
import io.naru.doctor.peer.PodTrial;
import io.naru.doctor.peer.Tunnel;
import io.naru.observe.echo.EchoCount;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A look with every field given. */
final class LookSample {
  private static final IpAddress NODE = IpAddress.parse("172.26.50.202");
  private static final IpAddress END = IpAddress.parse("10.244.2.0");
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:02");

  private static final RuleDrop DROP =
      new RuleDrop(
          "inet filter input", "in", "drop", Optional.of("7"), NODE.toString(), NODE.toString());

  private LookSample() {}

  static Look look() {
    Tunnel.PodRoute route =
        new Tunnel.PodRoute(
            Prefix.parse("10.244.2.0/24"), Optional.of(END), Optional.of(NODE), Optional.of(END));
    return new Look(
        Look.VERSION,
        "flannel",
        "node1",
        "session",
        1,
        1,
        4,
        2,
        3,
        List.of(NODE),
        List.of(new Look.Setting("net.ipv4.ip_forward", "1")),
        List.of(
            new Tunnel(
                "flannel.1",
                MAC,
                1,
                8472,
                1450,
                true,
                false,
                Optional.of(NODE),
                List.of(END),
                "eth0",
                1500,
                List.of(new Tunnel.Forward(MAC, NODE)),
                List.of(new Tunnel.Neighbour(END, Optional.of(MAC))),
                List.of(route))),
        List.of(route),
        List.of(
            new Look.Probe(
                "flannel.1",
                Optional.of(NODE),
                END,
                50,
                0,
                25,
                0,
                1450,
                Optional.of("refused"),
                Optional.of(false),
                Optional.of(false),
                Optional.of(1400))),
        List.of(new Look.UnderlayTrial(NODE, true, 7, 7, true, Optional.of(10250), false)),
        List.of(new PodTrial(END, END, END, true, true, 1450, false)),
        List.of(new TrialSighting(END.toString(), END.toString(), "veth", false, true)),
        List.of(new Look.Seen("nic", new EchoCount(1, END, END, false, false, true, false, 50))),
        Map.of("Udp.NoPorts", 1L),
        List.of(new IcmpError(NODE.toString(), "port unreachable", NODE.toString(), 8472)),
        List.of(new TunnelFrame(NODE.toString(), 1, MAC.toString(), false, false)),
        List.of(DROP),
        new OtherFilters(
            List.of("iptables-legacy filter"),
            List.of(new CountedDrop(DROP, 3)),
            List.of(new OtherFilters.AttachedProgram("eth0", "tc program", "cil_from_netdev")),
            List.of("unread")),
        List.of("not checked"));
  }
}

package io.naru.doctor.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.channel.frame.Json;
import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.diagnosis.Verdict;
import io.naru.doctor.peer.Look.Probe;
import io.naru.doctor.peer.Look.Seen;
import io.naru.doctor.peer.Look.Setting;
import io.naru.doctor.peer.Look.UnderlayTrial;
import io.naru.doctor.peer.Tunnel.Forward;
import io.naru.doctor.peer.Tunnel.Neighbour;
import io.naru.doctor.peer.Tunnel.PodRoute;
import io.naru.observe.echo.EchoCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Two of Flannel's nodes as looks show them. */
final class TwoNodes {
  private TwoNodes() {}

  static final int SENT = 50;
  private static final List<String> WAY = List.of("vtep", "nic", "far nic", "far vtep");

  static IpAddress address(String text) {
    return IpAddress.parse(text);
  }

  static MacAddress mac(int node) {
    return new MacAddress(0x020000000000L + node);
  }

  /** Entries as Flannel makes them, for two nodes. */
  static Tunnel tunnel(int self, List<Forward> forwards, List<Neighbour> neighbours) {
    int other = 3 - self;
    IpAddress gateway = address("10.244." + other + ".0");
    return new Tunnel(
        "flannel.1",
        mac(self),
        1,
        8472,
        1450,
        true,
        false,
        Optional.of(address("172.26.50.20" + self)),
        List.of(address("10.244." + self + ".0")),
        "eth0",
        1500,
        forwards,
        neighbours,
        List.of(
            new PodRoute(
                Prefix.parse("10.244." + other + ".0/24"),
                Optional.of(gateway),
                Optional.empty(),
                Optional.empty())));
  }

  static Tunnel tunnel(int self) {
    int other = 3 - self;
    return tunnel(
        self,
        List.of(new Forward(mac(other), address("172.26.50.20" + other))),
        List.of(new Neighbour(address("10.244." + other + ".0"), Optional.of(mac(other)))));
  }

  /** The same with other routes. */
  static Tunnel leading(Tunnel plain, List<PodRoute> routes) {
    return new Tunnel(
        plain.device(),
        plain.mac(),
        plain.vni(),
        plain.port(),
        plain.mtu(),
        plain.up(),
        plain.external(),
        plain.local(),
        plain.addresses(),
        plain.nic(),
        plain.nicMtu(),
        plain.forwards(),
        plain.neighbours(),
        routes);
  }

  /** What a node saw: its own probes up to a place, and so many of the other's come in. */
  record Sight(int self, String farthest, int come, int answered, boolean detour) {
    /** With what a pod tried, and a rule that dropped something. */
    Look look(Tunnel tunnel, PodTrial trial, RuleDrop drop) {
      return with(tried(tunnel, trial), "drops", List.of(drop));
    }

    /** With an ICMP error that came. */
    Look look(Tunnel tunnel, IcmpError error) {
      return with(look(tunnel, "s"), "icmpErrors", List.of(error));
    }

    /** With what a pod tried, and what counters of other filters tell. */
    Look look(Tunnel tunnel, PodTrial trial, OtherFilters filters) {
      return with(tried(tunnel, trial), "filters", filters);
    }

    private Look tried(Tunnel tunnel, PodTrial trial) {
      return with(look(tunnel, "s"), "podTrials", List.of(trial));
    }

    Look look(Tunnel tunnel, String session) {
      int other = 3 - self;
      List<Seen> seen = new ArrayList<>();
      for (boolean full : List.of(false, true)) {
        for (String tap : WAY.subList(0, Math.min(2, WAY.indexOf(farthest) + 1))) {
          seen.add(seen(tap, self, other, full, false, SENT));
        }
        if (come > 0) {
          seen.add(seen("nic", other, self, full, true, come));
          seen.add(seen("vtep", other, self, full, true, come));
        }
      }
      return new Look(
          Look.VERSION,
          "flannel",
          "node" + self,
          session,
          self,
          1000L * self,
          1000L * self + 500,
          1000L * self + 100,
          1000L * self + 400,
          List.of(address("172.26.50.20" + self)),
          List.of(new Setting("net.ipv4.ip_forward", "1")),
          List.of(tunnel),
          List.of(),
          List.of(
              new Probe(
                  "flannel.1",
                  Optional.of(address("172.26.50.20" + other)),
                  address("10.244." + other + ".0"),
                  SENT,
                  answered,
                  SENT,
                  answered,
                  1450,
                  Optional.empty(),
                  Optional.of(detour),
                  Optional.of(false),
                  Optional.empty())),
          List.of(
              new UnderlayTrial(
                  address("172.26.50.20" + other), true, 7, 7, true, Optional.of(10250), false)),
          List.of(),
          List.of(),
          seen,
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          OtherFilters.NONE,
          List.of());
    }

    private static Seen seen(
        String tap, int asker, int target, boolean full, boolean incoming, int count) {
      return new Seen(
          tap,
          new EchoCount(
              asker,
              address("10.244." + asker + ".0"),
              address("10.244." + target + ".0"),
              full,
              false,
              tap.equals("nic"),
              incoming,
              count));
    }
  }

  /** The same with another value of one of its components. */
  static Look with(Look look, String component, Object value) {
    ObjectNode tree = (ObjectNode) Json.tree(look);
    tree.set(component, Json.tree(value));
    return Json.read(tree, Look.class);
  }

  static DoctorReport report(Look... looks) {
    return PeerDiagnosis.of(List.of(looks), Map.of(), List.of());
  }

  static Verdict only(DoctorReport report) {
    assertThat(report.verdicts()).hasSize(1);
    assertThat(report.verdicts().toString())
        .doesNotContain("Naru")
        .doesNotContain("naru node")
        .doesNotContain("the store")
        .doesNotContainPattern("\\bagents?\\b(?<!k3s-agent)");
    return report.verdicts().getFirst();
  }
}

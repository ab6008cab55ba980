package io.naru.core.trace;

import io.naru.core.address.IpAddress;
import io.naru.core.cluster.NodeName;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.path.Transport;
import io.naru.core.trace.NodeTrace.Attempt;
import io.naru.core.trace.NodeTrace.OpenTap;
import io.naru.core.trace.Sighting.Kind;
import io.naru.core.trace.Sighting.Tunnel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A trace from pod a on node1 to pod b on node2, told tap by tap. */
final class Story {
  static final IpAddress A = IpAddress.parse("10.244.0.2");
  static final IpAddress B = IpAddress.parse("10.244.1.2");
  static final IpAddress NODE1 = IpAddress.parse("172.26.50.11");
  static final IpAddress NODE2 = IpAddress.parse("172.26.50.12");
  static final int PROBES = 3;

  private final List<Sighting> one = new ArrayList<>();
  private final List<Sighting> two = new ArrayList<>();
  private final List<RuleDrop> drops = new ArrayList<>();
  private String secondKernel = "k";

  private long now = 1_000_000;

  private static final List<Tap> NEAR = List.of(Tap.FROM_POD, Tap.FROM_VETH, Tap.VTEP, Tap.NIC);
  private static final List<Tap> FAR = List.of(Tap.NIC, Tap.VTEP, Tap.TO_VETH, Tap.TO_POD);

  /** All probes pass so many of the eight taps on their way there. */
  Story there(int taps) {
    return walk(Kind.REQUEST, taps, PROBES);
  }

  Story there(int taps, int probes) {
    return walk(Kind.REQUEST, taps, probes);
  }

  Story back(Kind kind, int taps) {
    return walk(kind, taps, PROBES);
  }

  private Story walk(Kind kind, int taps, int probes) {
    boolean request = kind == Kind.REQUEST;
    for (int probe = 0; probe < probes; probe++) {
      for (int i = 0; i < taps; i++) {
        int place = request ? i : 7 - i;
        Tap tap = place < 4 ? NEAR.get(place) : FAR.get(place - 4);
        (place < 4 ? one : two).add(sighting(tap, probe, kind, request, place));
      }
    }
    return this;
  }

  private Sighting sighting(Tap tap, int probe, Kind kind, boolean request, int place) {
    now += 5_000;
    int hops = (place >= 2 ? 1 : 0) + (place >= 6 ? 1 : 0);
    int limit = 64 - (request ? hops : 2 - hops);
    Header header = new Header(request ? A : B, request ? B : A, 0, 0, limit, 37, true);
    Header outer =
        new Header(request ? NODE1 : NODE2, request ? NODE2 : NODE1, 40_000, 8472, 64, 87, false);
    return new Sighting(
        tap,
        probe,
        kind,
        now,
        header,
        tap == Tap.NIC ? Optional.of(new Tunnel(outer, 1)) : Optional.empty(),
        "");
  }

  Story error(Tap tap, IpAddress from, String says) {
    one.add(
        new Sighting(
            tap,
            0,
            Kind.ERROR,
            now += 5_000,
            new Header(from, NODE1, 0, 0, 64, 56, false),
            Optional.empty(),
            says));
    return this;
  }

  Story otherClock() {
    secondKernel = "another";
    return this;
  }

  Story drop() {
    drops.add(
        new RuleDrop("inet web forward", "through", "tcp dport 80 drop", Optional.of("7"), "", ""));
    return this;
  }

  static TraceOrder order(ProbeKind kind, int port) {
    return new TraceOrder(
        "00112233445566ff",
        new TraceEnd(
            "a", TraceEnd.Kind.POD, Optional.of(new NodeName("node1")), List.of(A), List.of(NODE1)),
        new TraceEnd(
            "b", TraceEnd.Kind.POD, Optional.of(new NodeName("node2")), List.of(B), List.of(NODE2)),
        A,
        B,
        kind,
        port,
        0,
        PROBES,
        false);
  }

  NodeTrace near(List<Attempt> attempts) {
    return node("node1", "k", NEAR, one, attempts, List.of());
  }

  NodeTrace far() {
    return node("node2", secondKernel, FAR, two, List.of(), drops);
  }

  private NodeTrace node(
      String name,
      String kernel,
      List<Tap> taps,
      List<Sighting> sightings,
      List<Attempt> attempts,
      List<RuleDrop> rules) {
    return new NodeTrace(
        new NodeName(name),
        kernel,
        Optional.of(Transport.VXLAN),
        taps.stream().map(tap -> new OpenTap(tap, tap.word())).toList(),
        sightings,
        attempts,
        rules,
        List.of(),
        List.of());
  }

  TraceReport tcp() {
    return TraceJudge.of(order(ProbeKind.TCP, 80), near(List.of()), Optional.of(far()), List.of());
  }

  TraceReport echo() {
    return TraceJudge.of(order(ProbeKind.ECHO, 0), near(List.of()), Optional.of(far()), List.of());
  }

  TraceReport half() {
    return TraceJudge.of(
        order(ProbeKind.ECHO, 0), near(List.of()), Optional.empty(), List.of("node2 is silent"));
  }
}

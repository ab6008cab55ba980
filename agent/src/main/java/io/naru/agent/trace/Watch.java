package io.naru.agent.trace;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.error.NaruException;
import io.naru.core.trace.ProbeKind;
import io.naru.core.trace.TraceEnd;
import io.naru.core.trace.TraceOrder;
import io.naru.observe.filter.DropTrace;
import io.naru.observe.trace.TraceTaps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The open taps of one trace, and the trace of the packet filter if one is wanted. */
final class Watch implements AutoCloseable {
  private final TraceOrder order;
  private final TraceTaps taps;
  private final List<String> notes = new ArrayList<>();
  private final Optional<DropTrace> rules;

  Watch(TraceOrder order, TraceTaps taps, int vxlanPort) {
    this.order = order;
    this.taps = taps;
    this.rules = order.rules() ? rules(vxlanPort) : Optional.empty();
  }

  TraceOrder order() {
    return order;
  }

  TraceTaps taps() {
    return taps;
  }

  List<RuleDrop> drops() {
    Map<String, RuleDrop> byPlace = new LinkedHashMap<>();
    rules.stream()
        .flatMap(trace -> trace.drops().stream())
        .filter(drop -> isBetweenTheEnds(drop.from()) && isBetweenTheEnds(drop.to()))
        .forEach(drop -> byPlace.putIfAbsent(drop.where(), drop));
    return List.copyOf(byPlace.values());
  }

  /** Whether an address, where the trace told it, is one of the probes' or of their tunnel's. */
  private boolean isBetweenTheEnds(String address) {
    return address.isEmpty()
        || Stream.of(
                List.of(order.source(), order.destination()),
                order.from().underlay(),
                order.to().underlay())
            .flatMap(List::stream)
            .anyMatch(own -> own.toString().equals(address));
  }

  List<String> notes() {
    return Stream.concat(taps.notes().stream(), notes.stream()).toList();
  }

  private Optional<DropTrace> rules(int vxlanPort) {
    try {
      return Optional.of(DropTrace.startFor(matches(order, vxlanPort)));
    } catch (NaruException notTraced) {
      notes.add("which rule drops packets: " + notTraced.sentence());
      return Optional.empty();
    }
  }

  /** The probes and their answers, and the tunnel that carries them, in nft's words. */
  static List<String> matches(TraceOrder order, int vxlanPort) {
    List<String> matches = new ArrayList<>();
    String protocol =
        switch (order.kind()) {
          case ECHO -> order.source().isIpv4() ? "meta l4proto icmp" : "meta l4proto ipv6-icmp";
          case UDP, TCP -> order.kind() + " %s " + order.port();
        };
    boolean ports = order.kind() != ProbeKind.ECHO;
    matches.add(
        between(order.source(), order.destination())
            + (ports ? protocol.formatted("dport") : protocol));
    matches.add(
        between(order.destination(), order.source())
            + (ports ? protocol.formatted("sport") : protocol));
    for (List<TraceEnd> way :
        List.of(List.of(order.from(), order.to()), List.of(order.to(), order.from()))) {
      for (IpAddress source : way.getFirst().underlay()) {
        for (IpAddress destination : way.getLast().underlay()) {
          if (source.family() == destination.family() && !source.equals(destination)) {
            matches.add(between(source, destination) + "udp dport " + vxlanPort);
          }
        }
      }
    }
    return matches;
  }

  private static String between(IpAddress source, IpAddress destination) {
    String family = source.isIpv4() ? "ip" : "ip6";
    return "%s saddr %s %s daddr %s ".formatted(family, source, family, destination);
  }

  @Override
  public void close() {
    taps.close();
    rules.ifPresent(DropTrace::close);
  }
}

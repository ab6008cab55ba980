package io.naru.doctor.compare;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** What a comparison keeps of a capture. Made by {@link CaptureSummaryReader}. */
public final class CaptureSummary {
  private final String name;
  private final long packets;
  private final OptionalLong first;
  private final OptionalLong last;
  private final Map<FlowKey, PacketLog> flows;
  private final List<OuterPath> paths;
  private final Map<IcmpReport, Integer> icmpErrors;
  private final Map<IpAddress, Set<MacAddress>> nextHops;
  private final Map<FlowKey, MacAddress> flowHops;
  private final Map<OuterPath, Integer> congestionMarked;
  private final List<String> notes;

  CaptureSummary(
      String name,
      long packets,
      OptionalLong first,
      OptionalLong last,
      CaptureContent content,
      List<String> notes) {
    this.name = name;
    this.packets = packets;
    this.first = first;
    this.last = last;
    this.flows = content.flows();
    this.paths = List.copyOf(content.paths().keySet());
    this.icmpErrors = Map.copyOf(content.icmpErrors());
    this.nextHops = content.nextHops();
    this.flowHops = content.flowHops();
    this.congestionMarked = Map.copyOf(content.congestionMarked());
    this.notes = List.copyOf(notes);
  }

  /** The node where it was captured, by the file's name. */
  public String name() {
    return name;
  }

  /** All packets of the file, also those that say nothing here. */
  public long packets() {
    return packets;
  }

  /** When its first packet was captured, in nanoseconds since 1970 by that machine's clock. */
  public OptionalLong first() {
    return first;
  }

  /** When its last packet was captured. */
  public OptionalLong last() {
    return last;
  }

  /** What could not be read, a sentence each. */
  public List<String> notes() {
    return notes;
  }

  /** ICMP errors, with how often each was seen. */
  public Map<IcmpReport, Integer> icmpErrors() {
    return icmpErrors;
  }

  /** Tunnel packets that came with "congestion experienced" in their outer header. */
  public Map<OuterPath, Integer> congestionMarked() {
    return congestionMarked;
  }

  Map<FlowKey, PacketLog> flows() {
    return flows;
  }

  List<OuterPath> paths() {
    return paths;
  }

  /** Link-layer destinations of packets to an address. */
  Set<MacAddress> nextHops(IpAddress address) {
    return nextHops.getOrDefault(address, Set.of());
  }

  /** Whether a flow's packets go to one of these. */
  boolean goesTo(FlowKey flow, Set<MacAddress> hops) {
    MacAddress hop = flowHops.get(flow);
    return hop != null && hops.contains(hop);
  }
}

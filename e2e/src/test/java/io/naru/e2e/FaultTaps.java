package io.naru.e2e;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Counters at every tap between two pods, in both directions: where a tap on an interface would see
 * a packet, bare or in the tunnel. They are nftables chains of the family netdev.
 */
final class FaultTaps {
  private static final String TABLE = "e2e_taps";

  /**
   * A pod as the taps know it.
   *
   * @param veth the node's end of its link
   */
  record End(String node, String namespace, String address, String veth) {}

  private final End one;
  private final End other;

  FaultTaps(End one, End other) {
    this.one = one;
    this.other = other;
  }

  /** Sets all counters up, or back to zero. */
  void reset() {
    for (End end : List.of(one, other)) {
      End peer = end.equals(one) ? other : one;
      inside(end, "nft", "-f", "-").run(script(end, peer));
    }
  }

  private static String script(End here, End peer) {
    StringBuilder text = new StringBuilder();
    text.append("table netdev %s\ndelete table netdev %s\n".formatted(TABLE, TABLE));
    text.append("table netdev " + TABLE + " {\n");
    chain(text, "veth", here.veth(), "ingress", "out", bare(here, peer));
    chain(text, "vtep", "naru-vxlan", "egress", "out", bare(here, peer));
    chain(text, "nic", "eth0", "egress", "out", tunnelled(here, peer));
    chain(text, "nic", "eth0", "ingress", "in", tunnelled(peer, here));
    chain(text, "vtep", "naru-vxlan", "ingress", "in", bare(peer, here));
    chain(text, "veth", here.veth(), "egress", "in", bare(peer, here));
    return text.append("}\n").toString();
  }

  private static void chain(
      StringBuilder text, String tap, String device, String hook, String way, String match) {
    text.append("  counter %s_%s { }\n".formatted(tap, way));
    text.append("  chain %s_%s_packets {\n".formatted(tap, way));
    text.append("    type filter hook %s device \"%s\" priority 500\n".formatted(hook, device));
    text.append("    %s counter name %s_%s\n  }\n".formatted(match, tap, way));
  }

  private static String bare(End from, End to) {
    return "ip saddr %s ip daddr %s".formatted(from.address(), to.address());
  }

  /** UDP 8 bytes, VXLAN 8, Ethernet 14, then 12 into the IP header: both addresses. */
  private static String tunnelled(End from, End to) {
    return "meta l4proto udp @th,336,32 %s @th,368,32 %s"
        .formatted(number(from.address()), number(to.address()));
  }

  private static String number(String address) {
    long number = 0;
    for (String part : address.split("\\.")) {
      number = number << 8 | Long.parseLong(part);
    }
    return "0x%08x".formatted(number);
  }

  /** How many packets each tap saw since the reset: {@code node1>node2 node1/nic}. */
  Map<String, Long> read() {
    Map<String, Long> seen = new HashMap<>();
    for (End end : List.of(one, other)) {
      End peer = end.equals(one) ? other : one;
      JsonNode listing =
          inside(end, "nft", "-j", "list", "counters", "table", "netdev", TABLE).run().json();
      for (JsonNode object : listing.path("nftables")) {
        JsonNode counter = object.path("counter");
        if (counter.isObject()) {
          String[] tapAndWay = counter.path("name").asString().split("_");
          String way =
              tapAndWay[1].equals("out")
                  ? end.node() + ">" + peer.node()
                  : peer.node() + ">" + end.node();
          seen.put(way + " " + end.node() + "/" + tapAndWay[0], counter.path("packets").asLong());
        }
      }
    }
    return seen;
  }

  private static Command inside(End end, String... command) {
    List<String> words = new java.util.ArrayList<>(List.of("ip", "netns", "exec", end.namespace()));
    words.addAll(List.of(command));
    return Command.of(words);
  }
}

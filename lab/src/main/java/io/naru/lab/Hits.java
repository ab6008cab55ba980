package io.naru.lab;

import io.naru.lab.fault.HitCounter;
import io.naru.lab.process.Program;
import io.naru.lab.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads how many packets met the faults. What is gone counts nothing. */
record Hits(Topology topology) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  long of(List<HitCounter> counters) {
    return counters.stream().mapToLong(this::of).sum();
  }

  private long of(HitCounter counter) {
    String namespace = Steps.namespace(topology, counter.target());
    return switch (counter.kind()) {
      case RULES -> rules(namespace, counter.first(), counter.second());
      case QUEUE -> waited(namespace, counter.first(), counter.second());
    };
  }

  private static long rules(String namespace, String family, String table) {
    long packets = 0;
    for (JsonNode object :
        json(namespace, "nft", "-j", "list", "table", family, table).path("nftables")) {
      for (JsonNode expression : object.path("rule").path("expr")) {
        packets += expression.path("counter").path("packets").asLong(0);
      }
    }
    return packets;
  }

  private static long waited(String namespace, String device, String handle) {
    for (JsonNode queue : json(namespace, "tc", "-s", "-j", "qdisc", "show", "dev", device)) {
      if (queue.path("handle").asString("").equals(handle)) {
        return queue.path("overlimits").asLong(0) + queue.path("drops").asLong(0);
      }
    }
    return 0;
  }

  /** Packets that each named counter of a table of the bridge family counted; empty without it. */
  static Map<String, Long> named(String namespace, String table) {
    Map<String, Long> packets = new HashMap<>();
    for (JsonNode object :
        json(namespace, "nft", "-j", "list", "counters", "table", "bridge", table)
            .path("nftables")) {
      JsonNode counter = object.path("counter");
      if (counter.isObject()) {
        packets.put(counter.path("name").asString(), counter.path("packets").asLong());
      }
    }
    return packets;
  }

  private static JsonNode json(String namespace, String... command) {
    Program.Result listed = Namespaces.inside(namespace, command).tryRun("");
    return listed.exitCode() == 0 && !listed.output().isBlank()
        ? JSON.readTree(listed.output())
        : JSON.createObjectNode();
  }
}

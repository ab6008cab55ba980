package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.LabStatus.FaultStatus;
import io.naru.lab.fault.ActiveFault;
import io.naru.lab.fault.Direction;
import io.naru.lab.fault.FabricFault;
import io.naru.lab.fault.Fault;
import io.naru.lab.fault.FaultTable;
import io.naru.lab.fault.Faults;
import io.naru.lab.process.Program;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.NetworkScript;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The faults that stand in a lab, as its state and its fabric hold them. */
record StandingFaults(LabDirectory directory, Topology topology) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The kernel's own bound: GSO_MAX_SEGS in linux/netdevice.h. */
  private static final int UNBOUNDED_SEGMENTS = 65535;

  /** A fault as the state writes it down. */
  record Entry(String fault, Optional<String> from, Optional<String> to) {}

  /** All entries. */
  record Entries(List<Entry> standing) {
    Entries {
      standing = List.copyOf(standing);
    }
  }

  void inject(Fault fault, Direction direction) {
    switch (fault) {
      case FabricFault inFabric -> {
        var added = new ActiveFault(inFabric, direction);
        List<ActiveFault> before = active();
        if (before.contains(added)) {
          throw new NaruException(
              ErrorCode.CONFLICT,
              "'%s' (%s) stands already; heal it first to count from zero"
                  .formatted(fault.id(), direction));
        }
        List<ActiveFault> after = new ArrayList<>(before);
        after.add(added);
        replace(before, List.copyOf(after));
      }
    }
  }

  /** Heals one fault in all its directions, or every fault. */
  void heal(Optional<Fault> fault) {
    List<ActiveFault> before = active();
    List<ActiveFault> after =
        before.stream()
            .filter(
                standing -> fault.filter(healed -> !healed.equals(standing.fault())).isPresent())
            .toList();
    if (fault.isPresent() && after.equals(before)) {
      throw new NaruException(
          ErrorCode.NOT_FOUND,
          "'%s' does not stand in the lab '%s'"
              .formatted(fault.get().id(), topology.spec().name()));
    }
    replace(before, after);
  }

  private void replace(List<ActiveFault> before, List<ActiveFault> after) {
    List<ActiveFault> healed = before.stream().filter(fault -> !after.contains(fault)).toList();
    String script = FaultTable.script(topology, after, healed);
    List<Entry> entries =
        after.stream()
            .map(
                fault ->
                    new Entry(fault.fault().id(), fault.direction().from(), fault.direction().to()))
            .toList();
    boundSegments(before, after);
    Namespaces.inside(topology.fabricNamespace(), "nft", "-f", "-").run(script);
    LabDirectory.write(directory.faults(), new Entries(entries));
  }

  private void boundSegments(List<ActiveFault> before, List<ActiveFault> after) {
    Set<String> bounded = ActiveFault.sendersOfWireSizes(topology, after);
    Set<String> wereBounded = ActiveFault.sendersOfWireSizes(topology, before);
    for (LabNode node : topology.nodes()) {
      boolean bound = bounded.contains(node.name());
      if (bound != wereBounded.contains(node.name())) {
        Namespaces.configure(
            node.namespace(), NetworkScript.segmentsPerPacket(bound ? 1 : UNBOUNDED_SEGMENTS));
      }
    }
  }

  private List<ActiveFault> active() {
    return LabDirectory.read(directory.faults(), Entries.class).map(Entries::standing).stream()
        .flatMap(List::stream)
        .map(
            entry ->
                switch (Faults.byId(entry.fault())) {
                  case FabricFault inFabric ->
                      new ActiveFault(inFabric, new Direction(entry.from(), entry.to()));
                })
        .toList();
  }

  List<FaultStatus> status() {
    List<ActiveFault> active = active();
    Map<String, Long> hits =
        active.isEmpty() ? Map.of() : counters(topology.fabricNamespace(), FaultTable.NAME);
    return active.stream()
        .map(
            standing ->
                new FaultStatus(
                    standing.fault().id(),
                    standing.fault().title(),
                    standing.direction().from(),
                    standing.direction().to(),
                    hits.getOrDefault(standing.counter(), 0L)))
        .toList();
  }

  /** Packets that each named counter of a table of the bridge family counted; empty without it. */
  static Map<String, Long> counters(String namespace, String table) {
    Program.Result listed =
        Namespaces.inside(namespace, "nft", "-j", "list", "counters", "table", "bridge", table)
            .tryRun("");
    if (listed.exitCode() != 0) {
      return Map.of();
    }
    Map<String, Long> packets = new HashMap<>();
    for (JsonNode object : JSON.readTree(listed.output()).path("nftables")) {
      JsonNode counter = object.path("counter");
      if (counter.isObject()) {
        packets.put(counter.path("name").asString(), counter.path("packets").asLong());
      }
    }
    return packets;
  }
}

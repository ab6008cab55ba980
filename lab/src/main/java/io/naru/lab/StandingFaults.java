package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.FaultRecords.Entries;
import io.naru.lab.FaultRecords.Entry;
import io.naru.lab.LabStatus.FaultStatus;
import io.naru.lab.fault.ActiveFault;
import io.naru.lab.fault.Direction;
import io.naru.lab.fault.FabricFault;
import io.naru.lab.fault.Fault;
import io.naru.lab.fault.FaultTable;
import io.naru.lab.fault.Faults;
import io.naru.lab.fault.ImpossibleFault;
import io.naru.lab.fault.Injection;
import io.naru.lab.fault.ScriptedFault;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.NetworkScript;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The faults that stand in a lab. What is to be done is written down before it is done, with all
 * that takes it back, so that a fault whose injection was cut off can be healed.
 */
record StandingFaults(LabDirectory directory, LabRecord record, Topology topology) {
  /** The kernel's own bound: GSO_MAX_SEGS in linux/netdevice.h. */
  private static final int UNBOUNDED_SEGMENTS = 65535;

  void inject(Fault fault, Direction direction) {
    switch (fault) {
      case FabricFault inFabric -> inject(inFabric, direction);
      case ScriptedFault scripted -> inject(scripted, direction);
      case ImpossibleFault impossible ->
          throw new NaruException(
              ErrorCode.UNSUPPORTED,
              "'%s' cannot be injected: %s".formatted(fault.id(), impossible.why()));
    }
  }

  private void inject(FabricFault fault, Direction direction) {
    Entries before = records().read();
    refuseTwice(before, fault, direction);
    replace(before, before.with(Entry.of(fault, direction, Injection.nothing())));
  }

  private void inject(ScriptedFault fault, Direction direction) {
    Entries before = records().read();
    refuseTwice(before, fault, direction);
    var sights = new Sights(directory, topology);
    Injection injection = fault.injection(direction, sights.of(direction));
    before.refuseClaimed(fault.id(), injection.claims());
    Pauses pauses = new Pauses(directory, record, topology);
    Set<String> ours = pauses.toBegin(before, injection.pauses());
    records().write(before.with(Entry.of(fault, direction, injection)).pausing(ours));
    try {
      pauses.begin(ours);
      new Steps(topology).run(injection.steps());
    } catch (NaruException failed) {
      takeBack(fault, direction, failed);
      throw failed;
    }
  }

  private void takeBack(ScriptedFault fault, Direction direction, NaruException failed) {
    try {
      remove(records().read().standing(fault.id(), direction));
    } catch (NaruException alsoFailed) {
      failed.addSuppressed(alsoFailed);
    }
  }

  private void refuseTwice(Entries before, Fault fault, Direction direction) {
    if (!before.standing(fault.id(), direction).isEmpty()) {
      throw new NaruException(
          ErrorCode.CONFLICT,
          "'%s' (%s) stands already; heal it first to count from zero"
              .formatted(fault.id(), direction));
    }
  }

  /** Heals one fault in all its directions, or every fault. */
  void heal(Optional<Fault> fault) {
    List<Entry> standing = records().read().standing();
    List<Entry> healed =
        standing.stream()
            .filter(entry -> fault.isEmpty() || fault.get().id().equals(entry.fault()))
            .toList();
    if (fault.isPresent() && healed.isEmpty()) {
      throw new NaruException(
          ErrorCode.NOT_FOUND,
          "'%s' does not stand in the lab '%s'"
              .formatted(fault.get().id(), topology.spec().name()));
    }
    remove(healed);
  }

  private void remove(List<Entry> healed) {
    Entries before = records().read();
    // The youngest first: what it altered may rest on what an older one did.
    healed.reversed().forEach(entry -> new Steps(topology).run(entry.undo()));
    Entries after = before.without(healed);
    replace(before, after);
    new Pauses(directory, record, topology).endUnneeded(records());
  }

  /** Puts the fabric's rules in place and writes down what stands. */
  private void replace(Entries before, Entries after) {
    records().write(after);
    List<ActiveFault> were = inFabric(before);
    List<ActiveFault> are = inFabric(after);
    List<ActiveFault> healed = were.stream().filter(fault -> !are.contains(fault)).toList();
    try {
      boundSegments(were, are);
      Namespaces.inside(topology.fabricNamespace(), "nft", "-f", "-")
          .run(FaultTable.script(topology, are, healed));
    } catch (NaruException failed) {
      records().write(before);
      throw failed;
    }
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

  private static List<ActiveFault> inFabric(Entries entries) {
    List<ActiveFault> active = new ArrayList<>();
    for (Entry entry : entries.standing()) {
      if (Faults.byId(entry.fault()) instanceof FabricFault fault) {
        active.add(new ActiveFault(fault, entry.direction()));
      }
    }
    return List.copyOf(active);
  }

  List<FaultStatus> status() {
    Entries entries = records().read();
    Map<String, Long> hits =
        inFabric(entries).isEmpty()
            ? Map.of()
            : Hits.named(topology.fabricNamespace(), FaultTable.NAME);
    return entries.standing().stream()
        .map(
            entry -> {
              Fault fault = Faults.byId(entry.fault());
              long counted =
                  fault instanceof FabricFault inFabric
                      ? hits.getOrDefault(
                          new ActiveFault(inFabric, entry.direction()).counter(), 0L)
                      : new Hits(topology).of(entry.counters());
              return new FaultStatus(fault.id(), fault.title(), entry.from(), entry.to(), counted);
            })
        .toList();
  }

  private FaultRecords records() {
    return new FaultRecords(directory);
  }
}

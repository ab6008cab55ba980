package io.naru.core.state;

import io.naru.core.state.KernelEntry.TunnelDevice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What has to be done to a kernel so that it holds what is desired: a value that can be printed,
 * tested without root, and applied in one batch. The same plan serves a first start, a change of a
 * peer, the repair of drift and a clean-up.
 *
 * @param operations in an order in which each finds what it needs
 */
public record Plan(List<Operation> operations) {
  public Plan {
    operations = List.copyOf(operations);
  }

  /** The plan from one state to another. */
  public static Plan between(KernelState present, KernelState desired) {
    Vanishing vanishing = Vanishing.of(present, desired);
    List<KernelEntry> unwanted = new ArrayList<>();
    present
        .byKey()
        .forEach(
            (key, entry) -> {
              if (!desired.has(key) && !vanishing.withItsHolder(entry)) {
                unwanted.add(entry);
              }
            });
    List<Operation.Put> missing = new ArrayList<>();
    desired
        .byKey()
        .forEach(
            (key, entry) -> {
              KernelEntry there = present.byKey().get(key);
              if (!entry.equals(there) || vanishing.spoils(there)) {
                missing.add(new Operation.Put(entry, vanishing.staying(there)));
              }
            });
    List<Operation> operations = new ArrayList<>(unwanted.size() + missing.size());
    unwanted.stream()
        .sorted(Comparator.comparingInt(Plan::rank).reversed())
        .map(Operation.Remove::new)
        .forEach(operations::add);
    missing.stream()
        .sorted(Comparator.comparingInt(put -> rank(put.entry())))
        .forEach(operations::add);
    return new Plan(operations);
  }

  public boolean isEmpty() {
    return operations.isEmpty();
  }

  /** One line an operation. */
  public String text() {
    StringBuilder text = new StringBuilder();
    operations.forEach(operation -> text.append(operation.text()).append('\n'));
    return text.toString();
  }

  /** Devices come first, then what hangs on them, then what needs that. */
  private static int rank(KernelEntry entry) {
    return switch (entry) {
      case TunnelDevice device -> 0;
      case KernelEntry.HostEndLink link -> 0;
      case KernelEntry.Setting setting -> 1;
      case KernelEntry.DeviceAddress address -> 2;
      case KernelEntry.NeighbourEntry neighbour -> 3;
      case KernelEntry.TunnelForward forward -> 4;
      case KernelEntry.RouteEntry route -> route.gateway().isPresent() ? 6 : 5;
      case KernelEntry.MarkRule rule -> 7;
      case KernelEntry.FilterTable table -> 8;
      case KernelEntry.FilterElement element -> 9;
      case KernelEntry.ForeignAccept accept -> 10;
    };
  }
}

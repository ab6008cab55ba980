package io.naru.core.state;

import io.naru.core.state.KernelEntry.TunnelDevice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
    Set<String> remade = devicesMadeAnew(present, desired);
    Set<String> readdressed = devicesReaddressed(present, desired);
    List<Operation> operations = new ArrayList<>();
    present.entries().stream()
        .filter(entry -> !desired.has(entry.key()) && !vanishesWithDevice(entry, remade))
        .sorted(Comparator.comparingInt(Plan::rank).reversed())
        .map(Operation.Remove::new)
        .forEach(operations::add);
    desired.entries().stream()
        .sorted(Comparator.comparingInt(Plan::rank))
        .forEach(
            entry -> {
              Optional<KernelEntry> there = present.find(entry.key());
              if (there.isPresent()
                  && (vanishesWithDevice(there.get(), remade)
                      || vanishesWithMac(there.get(), readdressed))) {
                there = Optional.empty();
              }
              if (!there.equals(Optional.of(entry))) {
                Optional<KernelEntry> old =
                    entry instanceof TunnelDevice ? present.find(entry.key()) : there;
                operations.add(new Operation.Put(entry, old));
              }
            });
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

  private static Set<String> devicesMadeAnew(KernelState present, KernelState desired) {
    Set<String> names = new HashSet<>();
    for (KernelEntry entry : desired.entries()) {
      if (entry instanceof TunnelDevice wanted
          && present.find(wanted.key()).orElse(null) instanceof TunnelDevice there
          && !wanted.canBecomeFrom(there)) {
        names.add(wanted.name());
      }
    }
    for (KernelEntry entry : present.entries()) {
      if (entry instanceof TunnelDevice there && !desired.has(there.key())) {
        names.add(there.name());
      }
    }
    return names;
  }

  /** A device that gets another MAC address loses its neighbours (neigh_changeaddr). */
  private static Set<String> devicesReaddressed(KernelState present, KernelState desired) {
    Set<String> names = new HashSet<>();
    for (KernelEntry entry : desired.entries()) {
      if (entry instanceof TunnelDevice wanted
          && present.find(wanted.key()).orElse(null) instanceof TunnelDevice there
          && !wanted.mac().equals(there.mac())) {
        names.add(wanted.name());
      }
    }
    return names;
  }

  private static boolean vanishesWithMac(KernelEntry entry, Set<String> readdressed) {
    return entry instanceof KernelEntry.NeighbourEntry neighbour
        && readdressed.contains(neighbour.name());
  }

  private static boolean vanishesWithDevice(KernelEntry entry, Set<String> remade) {
    return !(entry instanceof TunnelDevice) && entry.device().filter(remade::contains).isPresent();
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
      case KernelEntry.ForwardAccept accept -> 9;
    };
  }
}

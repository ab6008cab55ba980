package io.naru.core.state;

import io.naru.core.address.IpAddress;
import io.naru.core.state.KernelEntry.DeviceAddress;
import io.naru.core.state.KernelEntry.FilterElement;
import io.naru.core.state.KernelEntry.FilterTable;
import io.naru.core.state.KernelEntry.NeighbourEntry;
import io.naru.core.state.KernelEntry.RouteEntry;
import io.naru.core.state.KernelEntry.TunnelDevice;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which present entries the kernel itself takes away while a plan is carried out: those of a device
 * that is made anew or removed, the neighbours of one that gets another address, the elements of a
 * table that is replaced.
 *
 * @param remade names of devices that are made anew or removed
 * @param readdressed names of devices that get another MAC address and thereby lose their
 *     neighbours (neigh_changeaddr of net/core/neighbour.c)
 * @param lost addresses of devices that are made anew or removed: IPv4 routes that name one as
 *     their source go with it (fib_sync_down_addr of net/ipv4/fib_semantics.c), IPv6 ones forget it
 * @param table whether our nftables table is replaced or removed
 */
record Vanishing(Set<String> remade, Set<String> readdressed, Set<IpAddress> lost, boolean table) {
  static Vanishing of(KernelState present, KernelState desired) {
    Set<String> remade = new HashSet<>();
    Set<String> readdressed = new HashSet<>();
    boolean table = false;
    for (KernelEntry entry : present.entries()) {
      KernelEntry wanted;
      if (entry instanceof TunnelDevice there) {
        wanted = desired.byKey().get(there.key());
        if (!(wanted instanceof TunnelDevice device) || !device.canBecomeFrom(there)) {
          remade.add(there.name());
        } else if (!device.mac().equals(there.mac())) {
          readdressed.add(there.name());
        }
      } else if (entry instanceof FilterTable there && !desired.has(there.key())) {
        table = true;
      }
    }
    for (KernelEntry entry : desired.entries()) {
      if (entry instanceof FilterTable wanted
          && !wanted.equals(present.byKey().get(wanted.key()))) {
        table = true;
      }
    }
    return new Vanishing(
        Set.copyOf(remade), Set.copyOf(readdressed), addresses(present, remade), table);
  }

  private static Set<IpAddress> addresses(KernelState present, Set<String> devices) {
    if (devices.isEmpty()) {
      return Set.of();
    }
    Set<IpAddress> found = new HashSet<>();
    for (KernelEntry entry : present.entries()) {
      if (entry instanceof DeviceAddress there && devices.contains(there.name())) {
        found.add(there.address().address());
      }
    }
    return Set.copyOf(found);
  }

  /** Whether the kernel changes or removes a present entry, so that it must be put again. */
  boolean spoils(@Nullable KernelEntry present) {
    return withItsHolder(present)
        || (!lost.isEmpty()
            && present instanceof RouteEntry route
            && route.source().filter(lost::contains).isPresent());
  }

  /** Whether a present entry goes away with what it hangs on; nothing never does. */
  boolean withItsHolder(@Nullable KernelEntry present) {
    return switch (present) {
      case null -> false;
      case TunnelDevice device -> false;
      case FilterElement element -> table;
      case NeighbourEntry neighbour ->
          remade.contains(neighbour.name()) || readdressed.contains(neighbour.name());
      case KernelEntry other ->
          !remade.isEmpty() && other.device().filter(remade::contains).isPresent();
    };
  }

  /** What of a present entry is still there when its successor is put. */
  Optional<KernelEntry> staying(@Nullable KernelEntry present) {
    return withItsHolder(present) ? Optional.empty() : Optional.ofNullable(present);
  }
}

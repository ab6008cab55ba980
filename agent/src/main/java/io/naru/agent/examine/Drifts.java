package io.naru.agent.examine;

import io.naru.core.address.IpAddress;
import io.naru.core.cluster.Node;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelEntry.TunnelDevice;
import io.naru.core.state.Operation;
import io.naru.core.state.Plan;
import java.util.List;
import java.util.Optional;

/** Names what a kernel should hold and does not, and what it holds and should not. */
public final class Drifts {
  private static final int MOST = 200;

  private Drifts() {}

  /** Where the tunnel device itself differs, what hangs on it goes with it and is not told. */
  public static List<Drift> of(Plan plan, NodeView view) {
    boolean tunnel =
        plan.operations().stream().anyMatch(operation -> operation.entry() instanceof TunnelDevice);
    return plan.operations().stream()
        .filter(operation -> !tunnel || !hangsOnTunnel(operation.entry()))
        .limit(MOST)
        .map(operation -> drift(operation, view))
        .toList();
  }

  private static boolean hangsOnTunnel(KernelEntry entry) {
    return !(entry instanceof TunnelDevice)
        && entry.device().equals(Optional.of(DesiredState.TUNNEL));
  }

  private static Drift drift(Operation operation, NodeView view) {
    return new Drift(fault(operation), operation.text(), peer(operation.entry(), view));
  }

  private static String fault(Operation operation) {
    return switch (operation) {
      case Operation.Put put -> fault(put);
      case Operation.Remove surplus -> "entry-surplus";
    };
  }

  private static String fault(Operation.Put operation) {
    // A route that is put with force, whatever may stand in its place, replaces itself.
    boolean altered =
        operation.present().filter(there -> !there.equals(operation.entry())).isPresent();
    return switch (operation.entry()) {
      case TunnelDevice device -> tunnel(device, operation);
      case KernelEntry.HostEndLink link -> podLink(link, operation);
      case KernelEntry.DeviceAddress address -> "address-altered";
      case KernelEntry.NeighbourEntry neighbour -> altered ? "vtep-mac-stale" : "neigh-missing";
      case KernelEntry.TunnelForward forward -> altered ? "fdb-wrong" : "fdb-missing";
      case KernelEntry.RouteEntry route -> altered ? "route-wrong" : "route-missing";
      case KernelEntry.MarkRule rule -> "rule-missing";
      case KernelEntry.Setting setting -> setting(setting.name());
      case KernelEntry.FilterTable table -> "filter-altered";
      case KernelEntry.FilterElement element -> "filter-altered";
      case KernelEntry.ForeignAccept accept ->
          switch (accept.hook()) {
            case FORWARD -> "forward-drop";
            case INPUT -> "filter-altered";
          };
    };
  }

  private static String podLink(KernelEntry.HostEndLink wanted, Operation.Put operation) {
    return operation.present().orElse(null) instanceof KernelEntry.HostEndLink present
            && present.mtu() > wanted.mtu()
        ? "mtu-pod-too-big"
        : "pod-link-altered";
  }

  private static String setting(String name) {
    return name.endsWith("rp_filter")
        ? "rp-filter"
        : name.contains("forward") ? "ip-forward-off" : "setting-altered";
  }

  private static String tunnel(TunnelDevice wanted, Operation.Put operation) {
    if (!(operation.present().orElse(null) instanceof TunnelDevice present)) {
      return "tunnel-missing";
    }
    if (present.vni() != wanted.vni()) {
      return "vni-mismatch";
    }
    if (present.port() != wanted.port() || !present.up()) {
      return "port-mismatch";
    }
    if (!present.mac().equals(wanted.mac())) {
      return "vtep-mac-stale";
    }
    return "tunnel-altered";
  }

  /** The peer whose packets need an entry. */
  private static Optional<String> peer(KernelEntry entry, NodeView view) {
    return switch (entry) {
      case KernelEntry.NeighbourEntry neighbour ->
          view.peers().stream()
              .filter(node -> node.vtepMac().equals(neighbour.mac()))
              .findFirst()
              .or(() -> owner(neighbour.address(), view))
              .map(node -> node.name().text());
      case KernelEntry.TunnelForward forward ->
          view.peers().stream()
              .filter(node -> node.vtepMac().equals(forward.mac()))
              .findFirst()
              .map(node -> node.name().text());
      case KernelEntry.RouteEntry route ->
          owner(route.destination().address(), view).map(node -> node.name().text());
      case TunnelDevice device -> Optional.empty();
      case KernelEntry.HostEndLink link -> Optional.empty();
      case KernelEntry.DeviceAddress address -> Optional.empty();
      case KernelEntry.MarkRule rule -> Optional.empty();
      case KernelEntry.Setting setting -> Optional.empty();
      case KernelEntry.FilterTable table -> Optional.empty();
      case KernelEntry.FilterElement element -> Optional.empty();
      case KernelEntry.ForeignAccept accept -> Optional.empty();
    };
  }

  private static Optional<Node> owner(IpAddress address, NodeView view) {
    return view.peers().stream()
        .filter(node -> node.podCidrs().stream().anyMatch(cidr -> cidr.contains(address)))
        .findFirst();
  }
}

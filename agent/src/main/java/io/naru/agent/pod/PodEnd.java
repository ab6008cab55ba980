package io.naru.agent.pod;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.PodAttachment;
import io.naru.core.state.RouteTables;
import io.naru.linux.call.KernelException;
import io.naru.linux.route.Link;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteFilter;
import io.naru.linux.route.RouteNetlink;
import io.naru.linux.route.RoutingRule;
import io.naru.linux.sysctl.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The pod's end of the wiring; all of it runs inside the pod's namespace. */
final class PodEnd {
  /** The first routing table for an interface that does not have the pod's default route. */
  private static final int FIRST_TABLE = 8480;

  private PodEnd() {}

  /**
   * Gives the pod's new interface its addresses and routes. Where the pod has a default route
   * already, the new one goes into a table of its own, which only the new address uses.
   *
   * @return the attachment with the tables of its default routes
   */
  static PodAttachment wire(PodAttachment attachment) {
    String name = attachment.key().interfaceName();
    if (attachment.address(IpFamily.IPV6).isPresent()) {
      // Some runtimes switch IPv6 off for every new interface.
      for (String setting : List.of("disable_ipv6", "accept_dad", "accept_ra")) {
        boolean _ = Sysctl.forInterface("ipv6", name, setting).writeIfPresent("0");
      }
    }
    try (RouteNetlink pod = RouteNetlink.open()) {
      Link link =
          pod.link(name)
              .orElseThrow(
                  () ->
                      new NaruException(
                          ErrorCode.CONFLICT,
                          "the pod's interface " + name + " was removed while it was made"));
      PodAttachment placed = attachment.withRouteTables(tables(pod, attachment));
      PodWiring.applyAll(pod, DesiredWiring.podChanges(placed, link.index()));
      Settling.awaitCarrier(pod, link.index());
      Settling.awaitAddresses(pod, placed.addresses());
      return placed;
    }
  }

  private static List<Integer> tables(RouteNetlink pod, PodAttachment attachment) {
    Set<IpFamily> taken =
        pod.routes(RouteFilter.all().withTable(Route.MAIN)).stream()
            .filter(route -> route.destination().length() == 0)
            .map(Route::family)
            .collect(Collectors.toUnmodifiableSet());
    if (attachment.gateways().stream().noneMatch(gateway -> taken.contains(gateway.family()))) {
      return attachment.routeTables();
    }
    // Of an interface that went together with its routes, while its rules stayed.
    removeRules(pod, attachment.addresses());
    int own = freeTable(pod);
    return attachment.gateways().stream()
        .map(gateway -> taken.contains(gateway.family()) ? own : RouteTables.MAIN)
        .toList();
  }

  private static int freeTable(RouteNetlink pod) {
    Set<Integer> used =
        pod.rules().stream().map(RoutingRule::table).collect(Collectors.toUnmodifiableSet());
    int table = FIRST_TABLE;
    while (used.contains(table)) {
      table++;
    }
    return table;
  }

  /** Rules do not go with the interface that they are for. */
  static void removeRules(PodAttachment attachment) {
    try (RouteNetlink pod = RouteNetlink.open()) {
      removeRules(pod, attachment.addresses());
    }
  }

  private static void removeRules(RouteNetlink pod, List<IpAddress> addresses) {
    for (RoutingRule rule : pod.rules()) {
      if (rule.protocol() == RouteTables.PROTOCOL
          && rule.from().filter(from -> addresses.contains(from.address())).isPresent()) {
        try {
          pod.removeRule(rule);
        } catch (KernelException e) {
          if (!e.isAbsent()) {
            throw e;
          }
        }
      }
    }
  }

  /** What the pod's namespace holds of the attachment. */
  static ObservedPodEnd observe(PodAttachment attachment) {
    try (RouteNetlink pod = RouteNetlink.open()) {
      Optional<Link> link = pod.link(attachment.key().interfaceName());
      if (link.isEmpty()) {
        return ObservedPodEnd.NONE;
      }
      int index = link.get().index();
      List<Route> defaults =
          pod.routes(RouteFilter.all().withOutputLink(index)).stream()
              .filter(route -> route.destination().length() == 0)
              .toList();
      List<IpAddress> reachable = new ArrayList<>();
      for (int i = 0; i < attachment.gateways().size(); i++) {
        IpAddress gateway = attachment.gateways().get(i);
        int table = attachment.routeTables().get(i);
        boolean there =
            defaults.stream()
                .anyMatch(
                    route ->
                        route.table() == table
                            && route.gateway().filter(gateway::equals).isPresent());
        if (there && (table == RouteTables.MAIN || hasRule(pod, attachment, i))) {
          reachable.add(gateway);
        }
      }
      return new ObservedPodEnd(
          link,
          pod.addresses(index).stream()
              .map(address -> address.address().address())
              .collect(Collectors.toUnmodifiableSet()),
          Set.copyOf(reachable),
          PodWiring.permanentNeighbours(pod, index));
    }
  }

  private static boolean hasRule(RouteNetlink pod, PodAttachment attachment, int number) {
    return pod.rules().contains(DesiredWiring.podRule(attachment, number));
  }
}

package io.naru.core.desired;

import io.naru.core.state.ForeignHook;
import java.util.List;
import java.util.Set;

/**
 * What the desired state depends on and is not Naru's to decide.
 *
 * @param interfaces names of all interfaces there are
 * @param droppingChains base chains at the hooks that matter, not ours, that drop by policy
 * @param strictReversePath interfaces, or {@code all}, whose rp_filter is 1
 * @param routerAdvertisements interfaces whose accept_ra is 1: they stop to listen to routers when
 *     the host forwards
 * @param advertisedRoutes interfaces with routes from a router's advertisements
 * @param looseReversePath whether rp_filter of {@code all} is 2, which loosens every interface's
 */
public record HostFacts(
    Set<String> interfaces,
    List<ForeignChain> droppingChains,
    Set<String> strictReversePath,
    Set<String> routerAdvertisements,
    Set<String> advertisedRoutes,
    boolean looseReversePath) {
  static final HostFacts NONE =
      new HostFacts(Set.of(), List.of(), Set.of(), Set.of(), Set.of(), false);

  public HostFacts {
    interfaces = Set.copyOf(interfaces);
    droppingChains = List.copyOf(droppingChains);
    strictReversePath = Set.copyOf(strictReversePath);
    routerAdvertisements = Set.copyOf(routerAdvertisements);
    advertisedRoutes = Set.copyOf(advertisedRoutes);
  }

  /** A base chain of somebody else's nftables table; family as nft names it: ip, ip6, inet. */
  public record ForeignChain(String family, String table, String chain, ForeignHook hook) {}
}

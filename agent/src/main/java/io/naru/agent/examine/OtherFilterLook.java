package io.naru.agent.examine;

import io.naru.core.address.Prefix;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.OtherFilters.AttachedProgram;
import io.naru.core.probe.ProbePacket;
import io.naru.linux.route.RouteNetlink;
import io.naru.observe.filter.DropWatch;
import io.naru.observe.filter.FilterPrograms;
import io.naru.observe.filter.LegacyCounters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Looks at filters that nftables does not show.
 *
 * @param before the counters of iptables-legacy as the examination began
 */
record OtherFilterLook(LegacyCounters before) {
  static OtherFilterLook start() {
    return new OtherFilterLook(LegacyCounters.read());
  }

  /** Has the kernel tell why it throws away packets of the tunnel, probes and trials. */
  static DropWatch drops(NodeView view, int otherPort, List<String> notChecked) {
    return DropWatch.open(
        Set.of(view.configuration().vxlanPort(), ProbePacket.PORT, otherPort), notChecked);
  }

  /** The blocks of all pods, for rules that should let them pass. */
  static List<String> podNetworks(NodeView view) {
    return view.configuration().clusterCidrs().stream().map(Prefix::toString).toList();
  }

  /**
   * What came of it.
   *
   * @param trouble whether packets get lost: else nobody asks which programs there are
   */
  OtherFilters end(RouteNetlink netlink, Collection<String> interfaces, boolean trouble) {
    LegacyCounters now = LegacyCounters.read();
    List<String> unread = new ArrayList<>(now.unread());
    List<AttachedProgram> programs =
        trouble ? FilterPrograms.on(netlink, interfaces, unread) : List.of();
    return new OtherFilters(now.tables(), now.since(before), programs, unread);
  }
}

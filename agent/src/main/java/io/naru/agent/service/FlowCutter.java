package io.naru.agent.service;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.NaruException;
import io.naru.core.service.Protocol;
import io.naru.core.service.ServiceFlows;
import io.naru.linux.conntrack.Conntrack;
import io.naru.linux.conntrack.Flow;
import io.naru.linux.route.RouteNetlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the kernel forget flows that lead to no backend: the next packet gets one. */
final class FlowCutter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlowCutter.class);

  private final Conntrack conntrack = Conntrack.open();
  private final RouteNetlink netlink = RouteNetlink.open();

  /**
   * Cuts what is dead.
   *
   * @param protocols of which flows are looked at
   * @return how many flows that were
   */
  int cut(ServiceFlows flows, Set<Protocol> protocols) {
    int cut = 0;
    Set<IpAddress> own = flows.hasNewNodePorts() ? ownAddresses() : Set.of();
    for (IpFamily family : IpFamily.values()) {
      for (Protocol protocol : protocols) {
        List<Flow> dead = new ArrayList<>();
        conntrack.forEach(
            family,
            protocol.number(),
            flow -> {
              if (isDead(flows, protocol, flow) || isOlder(flows, protocol, flow, own)) {
                dead.add(flow);
              }
            });
        for (Flow flow : dead) {
          cut += isForgotten(flow) ? 1 : 0;
        }
      }
    }
    return cut;
  }

  /**
   * One that the kernel holds fast (a flow in hardware, as a rule) stays until it ends by itself.
   */
  private boolean isForgotten(Flow flow) {
    try {
      return conntrack.delete(flow);
    } catch (NaruException heldFast) {
      LOG.debug("{} was not cut: {}", flow, heldFast.sentence());
      return false;
    }
  }

  private static boolean isDead(ServiceFlows flows, Protocol protocol, Flow flow) {
    return flows.isDead(
        protocol,
        flow.original().destination(),
        flow.original().destinationPort(),
        flow.reply().source(),
        flow.reply().sourcePort());
  }

  private static boolean isOlder(
      ServiceFlows flows, Protocol protocol, Flow flow, Set<IpAddress> own) {
    IpAddress destination = flow.original().destination();
    return own.contains(destination)
        && flows.isOlderThanNodePort(
            protocol,
            destination,
            flow.original().destinationPort(),
            flow.reply().source(),
            flow.reply().sourcePort());
  }

  private Set<IpAddress> ownAddresses() {
    return netlink.addresses().stream()
        .map(found -> found.address().address())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void close() {
    netlink.close();
    conntrack.close();
  }
}

package io.naru.agent.service;

import io.naru.core.address.IpFamily;
import io.naru.core.error.NaruException;
import io.naru.core.service.Protocol;
import io.naru.core.service.ServiceFlows;
import io.naru.linux.conntrack.Conntrack;
import io.naru.linux.conntrack.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the kernel forget flows that lead to no backend: the next packet gets one. */
final class FlowCutter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlowCutter.class);

  private final Conntrack conntrack = Conntrack.open();

  /**
   * Cuts what is dead.
   *
   * @param protocols of which flows are looked at
   * @return how many flows that were
   */
  int cut(ServiceFlows flows, Set<Protocol> protocols) {
    int cut = 0;
    for (IpFamily family : IpFamily.values()) {
      for (Protocol protocol : protocols) {
        List<Flow> dead = new ArrayList<>();
        conntrack.forEach(
            family,
            protocol.number(),
            flow -> {
              if (isDead(flows, protocol, flow)) {
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

  @Override
  public void close() {
    conntrack.close();
  }
}

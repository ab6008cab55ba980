package io.naru.agent.service;

import io.naru.core.address.IpFamily;
import io.naru.core.service.Protocol;
import io.naru.core.service.ServiceFlows;
import io.naru.linux.conntrack.Conntrack;
import io.naru.linux.conntrack.Flow;
import java.util.ArrayList;
import java.util.List;

/** Makes the kernel forget flows that lead to no backend: the next packet gets one. */
final class FlowCutter implements AutoCloseable {
  private final Conntrack conntrack = Conntrack.open();

  /**
   * Cuts what is dead.
   *
   * @return how many flows that were
   */
  int cut(ServiceFlows flows) {
    int cut = 0;
    for (IpFamily family : IpFamily.values()) {
      for (Protocol protocol : Protocol.values()) {
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
          cut += conntrack.delete(flow) ? 1 : 0;
        }
      }
    }
    return cut;
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

package io.naru.agent.service;

import io.naru.core.address.IpFamily;
import io.naru.core.service.DatagramFlows;
import io.naru.core.service.Protocol;
import io.naru.linux.conntrack.Conntrack;
import io.naru.linux.conntrack.Flow;
import java.util.ArrayList;
import java.util.List;

/** Makes the kernel forget flows of datagrams whose backend is gone: the next one gets another. */
final class FlowCutter implements AutoCloseable {
  private final Conntrack conntrack = Conntrack.open();

  /**
   * Cuts what is dead.
   *
   * @return how many flows that were
   */
  int cut(DatagramFlows flows) {
    int cut = 0;
    for (IpFamily family : IpFamily.values()) {
      List<Flow> dead = new ArrayList<>();
      conntrack.forEach(
          family,
          Protocol.UDP.number(),
          flow -> {
            if (isDead(flows, flow)) {
              dead.add(flow);
            }
          });
      for (Flow flow : dead) {
        cut += conntrack.delete(flow) ? 1 : 0;
      }
    }
    return cut;
  }

  private static boolean isDead(DatagramFlows flows, Flow flow) {
    return flows.isDead(
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

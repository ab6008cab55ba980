package io.naru.agent.examine;

import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.error.NaruException;
import io.naru.core.probe.ProbePacket;
import io.naru.observe.tap.IcmpErrors;
import io.naru.observe.tap.Listening;
import java.util.ArrayList;
import java.util.List;

/**
 * Hears peers' kernels refuse this node's probes: those reach them in the pods' network, and no
 * agent is there to have them. Nothing is sent for it: a kernel refuses a packet a second to each
 * host (icmp_ratelimit), and the probes take those.
 */
final class ProbeRefusals implements AutoCloseable {
  private final NodeView view;
  private final List<Listening<IcmpError>> taps = new ArrayList<>();

  private ProbeRefusals(NodeView view) {
    this.view = view;
  }

  /** Opens the taps where answers of either transport come in. */
  static ProbeRefusals open(NodeView view) {
    ProbeRefusals opened = new ProbeRefusals(view);
    for (String name : List.of(DesiredState.TUNNEL, view.underlay().interfaceName())) {
      try {
        opened.taps.add(IcmpErrors.on(name));
      } catch (NaruException notThere) {
        // Without a tunnel there is no such device.
      }
    }
    return opened;
  }

  /** Whether a peer's kernel refused probes, those of each family that pods' packets take there. */
  boolean isRefusedBy(Node peer) {
    List<IcmpError> heard = taps.stream().flatMap(tap -> tap.heard().stream()).toList();
    return isRefusedBy(view, peer, heard);
  }

  static boolean isRefusedBy(NodeView view, Node peer, List<IcmpError> heard) {
    List<Prefix> carried =
        view.chosenTransport(peer)
            .map(transport -> view.carried(peer, transport))
            .orElse(List.of());
    return !carried.isEmpty()
        && carried.stream()
            .map(cidr -> NodeView.gateway(cidr).address().toString())
            .allMatch(address -> isRefusedAt(address, heard));
  }

  private static boolean isRefusedAt(String address, List<IcmpError> heard) {
    return heard.stream()
        .anyMatch(
            error ->
                error.port() == ProbePacket.PORT
                    && error.from().equals(address)
                    && error.about().equals(address)
                    && error.meaning().equals("port unreachable"));
  }

  @Override
  public void close() {
    taps.forEach(Listening::close);
  }
}

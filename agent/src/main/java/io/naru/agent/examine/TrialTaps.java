package io.naru.agent.examine;

import io.naru.agent.ipam.LeaseBook;
import io.naru.core.address.IpAddress;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.error.NaruException;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.tap.BpfProgram;
import io.naru.linux.tap.BpfPrograms;
import io.naru.linux.tap.BpfPrograms.LinkHeader;
import io.naru.observe.packet.FrameDecoder;
import io.naru.observe.packet.IpPacket;
import io.naru.observe.packet.LinkType;
import io.naru.observe.packet.Octets;
import io.naru.observe.packet.Transport;
import io.naru.observe.tap.Listening;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sees the packets of {@link PodTrials} where they pass this node: its pods' veths, vtep and nic.
 */
final class TrialTaps implements AutoCloseable {
  /** The pods that peers and this node try. */
  private static final int PODS = 3;

  /** Trials have two sizes; a small one is far beneath this, with its IP header. */
  private static final int LARGE = 576;

  private final FrameDecoder decoder;
  private final int port;
  private final Set<String> addresses;
  private final List<Listening<TrialSighting>> taps = new ArrayList<>();

  private TrialTaps(NodeView view, List<PodAttachment> pods, int port) {
    this.decoder = new FrameDecoder(Set.of(view.configuration().vxlanPort()));
    this.port = port;
    this.addresses =
        pods.stream()
            .flatMap(pod -> pod.addresses().stream())
            .map(IpAddress::toString)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Opens them.
   *
   * @param port that the trials are sent to
   */
  static TrialTaps open(NodeView view, LeaseBook leases, int port) {
    List<PodAttachment> pods =
        leases.all().stream().map(lease -> lease.attachment()).limit(PODS).toList();
    TrialTaps opened = new TrialTaps(view, pods, port);
    BpfProgram there = BpfPrograms.udpTo(LinkHeader.ETHERNET, port);
    BpfProgram back = BpfPrograms.icmpErrors(LinkHeader.ETHERNET);
    String nic = view.underlay().interfaceName();
    opened.listen(nic, there, "nic");
    opened.listen(
        nic,
        BpfPrograms.vxlanWithUdpTo(LinkHeader.ETHERNET, view.configuration().vxlanPort(), port),
        "nic");
    for (PodAttachment pod : pods) {
      opened.listen(pod.hostInterface(), there, "veth");
      opened.listen(pod.hostInterface(), back, "veth");
    }
    opened.listen(DesiredState.TUNNEL, there, "vtep");
    opened.listen(DesiredState.TUNNEL, back, "vtep");
    return opened;
  }

  private void listen(String interfaceName, BpfProgram filter, String tap) {
    try {
      taps.add(
          Listening.on(interfaceName, filter, packet -> sighting(Octets.of(packet.bytes()), tap)));
    } catch (NaruException notThere) {
      // Without a tunnel there is no such device; then nothing is seen there.
    }
  }

  private Optional<TrialSighting> sighting(Octets bytes, String tap) {
    return decoder
        .decode(LinkType.ETHERNET, bytes)
        .packet()
        .flatMap(TrialTaps::inner)
        .flatMap(packet -> sighting(packet, tap));
  }

  private static Optional<IpPacket> inner(IpPacket packet) {
    return packet.transport() instanceof Transport.Udp udp && udp.vxlan().isPresent()
        ? udp.vxlan().get().inner().packet()
        : Optional.of(packet);
  }

  private Optional<TrialSighting> sighting(IpPacket packet, String tap) {
    return switch (packet.transport()) {
      case Transport.Udp udp when udp.destinationPort() == port ->
          Optional.of(sighting(packet, tap, false));
      case Transport.Icmp icmp when icmp.isError() ->
          icmp.quoted()
              .filter(
                  quoted ->
                      quoted.transport() instanceof Transport.Udp udp
                          && udp.destinationPort() == port)
              .map(quoted -> sighting(quoted, tap, true));
      default -> Optional.empty();
    };
  }

  private static TrialSighting sighting(IpPacket asked, String tap, boolean answer) {
    return new TrialSighting(
        asked.source().toString(),
        asked.destination().toString(),
        tap,
        answer,
        asked.length() > LARGE);
  }

  /** Where they were seen so far. */
  List<TrialSighting> seen() {
    return taps.stream().flatMap(tap -> tap.heard().stream()).distinct().toList();
  }

  /** Whether something for a pod of this node came in and did not get to the pod. */
  boolean areLostHere() {
    List<TrialSighting> seen = seen();
    return seen.stream()
        .filter(each -> !each.answer() && !each.tap().equals("veth"))
        .filter(each -> addresses.contains(each.to()))
        .anyMatch(
            each ->
                !seen.contains(
                    new TrialSighting(each.from(), each.to(), "veth", false, each.large())));
  }

  @Override
  public void close() {
    taps.forEach(Listening::close);
  }
}

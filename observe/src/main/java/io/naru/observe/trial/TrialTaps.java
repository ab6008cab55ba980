package io.naru.observe.trial;

import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.error.NaruException;
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

/**
 * Sees the packets of trials from pod to pod where they pass a node: its pods' veths, vtep and nic.
 */
public final class TrialTaps implements AutoCloseable {
  /** Trials have two sizes; a small one is far beneath this, with its IP header. */
  private static final int LARGE = 576;

  private static final BpfProgram BACK = BpfPrograms.icmpErrors(LinkHeader.ETHERNET);

  private final FrameDecoder decoder;
  private final int port;
  private final BpfProgram there;
  private final List<Listening<TrialSighting>> taps = new ArrayList<>();

  /**
   * No taps yet.
   *
   * @param port that the trials are sent to
   * @param vxlanPorts UDP ports of the tunnels that they may be within
   */
  public TrialTaps(int port, Set<Integer> vxlanPorts) {
    this.decoder = new FrameDecoder(vxlanPorts);
    this.port = port;
    this.there = BpfPrograms.udpTo(LinkHeader.ETHERNET, port);
  }

  /** Opens those at the interface to other nodes. */
  public void nic(String interfaceName, int vxlanPort) {
    listen(interfaceName, there, "nic");
    listen(interfaceName, BpfPrograms.vxlanWithUdpTo(LinkHeader.ETHERNET, vxlanPort, port), "nic");
  }

  /** Opens those at a tunnel. */
  public void tunnel(String interfaceName) {
    listen(interfaceName, there, "vtep");
    listen(interfaceName, BACK, "vtep");
  }

  /** Opens those at the node's end of a pod's veth pair. */
  public void pod(String interfaceName) {
    listen(interfaceName, there, "veth");
    listen(interfaceName, BACK, "veth");
  }

  private void listen(String interfaceName, BpfProgram filter, String tap) {
    try {
      taps.add(
          Listening.on(interfaceName, filter, packet -> sighting(Octets.of(packet.bytes()), tap)));
    } catch (NaruException notThere) {
      // A node without a tunnel has no such device; then nothing is seen there.
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
  public List<TrialSighting> seen() {
    return taps.stream().flatMap(tap -> tap.heard().stream()).distinct().toList();
  }

  /** Whether something for one of these pods of this node came in and did not get to it. */
  public boolean areLostFor(Set<String> addresses) {
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

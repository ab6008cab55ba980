package io.naru.doctor.peer;

import io.naru.channel.frame.Json;
import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.observe.echo.EchoCount;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one node's kernel showed in a few seconds: what {@code naru collect} writes.
 *
 * @param version of this format
 * @param network whose network was looked at: {@code flannel}, {@code cilium} or {@code kernel}
 * @param node the node's name
 * @param session the same in looks that were taken together, each watching the others' probes;
 *     empty for one that was taken alone
 * @param run number that marks its probes
 * @param watchedFrom when its taps were open, in milliseconds since 1970, by its own clock
 * @param watchedUntil when they were closed
 * @param probedFrom when the first probe left
 * @param probedUntil when the last one left
 * @param addresses the node's own
 * @param settings kernel settings that matter, by name
 * @param tunnels its VXLAN devices of that network
 * @param directRoutes to pods' blocks by other nodes' addresses, without a tunnel
 * @param probes what it sent through the pods' network
 * @param underlay what it tried on the nodes' own addresses
 * @param podTrials what was sent from a pod's own namespace
 * @param sightings where packets of such trials were seen here
 * @param seen where its own and others' probes were seen here
 * @param counters by how much they rose
 * @param drops rules that dropped its packets
 * @param filters what else may drop packets, which nftables does not show
 * @param notChecked what it could not look at, a sentence each
 */
public record Look(
    int version,
    String network,
    String node,
    String session,
    int run,
    long watchedFrom,
    long watchedUntil,
    long probedFrom,
    long probedUntil,
    List<IpAddress> addresses,
    List<Setting> settings,
    List<Tunnel> tunnels,
    List<Tunnel.PodRoute> directRoutes,
    List<Probe> probes,
    List<UnderlayTrial> underlay,
    List<PodTrial> podTrials,
    List<TrialSighting> sightings,
    List<Seen> seen,
    Map<String, Long> counters,
    List<IcmpError> icmpErrors,
    List<TunnelFrame> frames,
    List<RuleDrop> drops,
    OtherFilters filters,
    List<String> notChecked) {
  /** The format that this program writes and reads. */
  public static final int VERSION = 2;

  private static final int LARGEST = 16 << 20;
  static final int MOST_SEEN = 50_000;
  private static final int MOST_PROBES = 1000;

  public Look {
    if (version != VERSION) {
      throw new NaruException(
          ErrorCode.UNSUPPORTED,
          "it has format " + version + ", and this naru reads format " + VERSION);
    }
    PeerNetwork _ = PeerNetwork.named(network == null ? "" : network);
    Bounds.name(node, "node");
    Bounds.optionalName(session, "session");
    addresses = Bounds.list(addresses, "addresses");
    settings = Bounds.list(settings, "settings");
    tunnels = Bounds.list(tunnels, "tunnels");
    directRoutes = Bounds.list(directRoutes, "directRoutes");
    probes = Bounds.list(probes, MOST_PROBES, "probes");
    underlay = Bounds.list(underlay, "underlay");
    podTrials = Bounds.list(podTrials, "podTrials");
    sightings = Bounds.list(sightings, "sightings");
    seen = Bounds.list(seen, MOST_SEEN, "seen");
    counters = Bounds.counters(counters);
    icmpErrors = Bounds.list(icmpErrors, "icmpErrors");
    frames = Bounds.list(frames, "frames");
    drops = Bounds.list(drops, "drops");
    notChecked = Bounds.sentences(notChecked, "notChecked");
    icmpErrors.forEach(Bounds::error);
    frames.forEach(Bounds::frame);
    drops.forEach(Bounds::drop);
    sightings.forEach(Bounds::sighting);
    Bounds.filters(filters);
  }

  /** Whose network it is. */
  public PeerNetwork peer() {
    return PeerNetwork.named(network);
  }

  /** A setting's value; empty where this kernel has none of that name. */
  public Optional<String> setting(String name) {
    return settings.stream().filter(s -> s.name().equals(name)).map(Setting::value).findFirst();
  }

  /** The same with another name. */
  public Look named(String other) {
    return new Look(
        version,
        network,
        other,
        session,
        run,
        watchedFrom,
        watchedUntil,
        probedFrom,
        probedUntil,
        addresses,
        settings,
        tunnels,
        directRoutes,
        probes,
        underlay,
        podTrials,
        sightings,
        seen,
        counters,
        icmpErrors,
        frames,
        drops,
        filters,
        notChecked);
  }

  /**
   * The look that a document says.
   *
   * @throws NaruException MALFORMED or UNSUPPORTED if it says none
   */
  public static Look parse(byte[] document) {
    if (document.length > LARGEST) {
      throw new NaruException(
          ErrorCode.MALFORMED, "it is larger than " + (LARGEST >> 20) + " MB, which no look is");
    }
    return Json.read(new String(document, StandardCharsets.UTF_8), Look.class);
  }

  /** A kernel setting, like {@code net.ipv4.ip_forward}. */
  public record Setting(String name, String value) {
    public Setting {
      Bounds.sentence(name, "settings.name");
      Bounds.sentence(value, "settings.value");
    }
  }

  /**
   * Echo requests through the pods' network.
   *
   * @param device the tunnel they were for; empty for a direct route
   * @param node the other node's address, as far as the entries say it
   * @param target whom they asked
   * @param fullSize length of the large ones' IP packets in bytes
   * @param refusal why the kernel did not send them
   * @param detour whether the answer came when it could take the underlay; empty if not tried
   * @param otherAnswer whether UDP or TCP to the target was answered; empty if not tried
   * @param largest the largest IP packet in bytes that was answered; empty if not tried
   */
  public record Probe(
      String device,
      Optional<IpAddress> node,
      IpAddress target,
      int smallSent,
      int smallAnswered,
      int fullSent,
      int fullAnswered,
      int fullSize,
      Optional<String> refusal,
      Optional<Boolean> detour,
      Optional<Boolean> otherAnswer,
      Optional<Integer> largest) {
    public Probe {
      Bounds.optionalName(device, "probes.device");
      Bounds.present(node, "node");
      Bounds.present(target, "target");
      Bounds.sentence(refusal, "probes.refusal");
      Bounds.present(detour, "detour");
      Bounds.present(otherAnswer, "otherAnswer");
      Bounds.present(largest, "largest");
    }

    /** Whether it goes through a tunnel. */
    public boolean goesThroughTunnel() {
      return !device.isEmpty();
    }
  }

  /**
   * What was tried on a node's own address.
   *
   * @param sameSubnet whether no router is between
   * @param echoesSent how many pings
   * @param echoesAnswered how many of them were answered
   * @param closedUdp whether UDP to a closed port was refused, so that it arrived
   * @param tcp which TCP port answered, like {@code 10250}, also with a refusal; empty for silence
   * @param noNeighbour whether nobody on the subnet has that address
   */
  public record UnderlayTrial(
      IpAddress address,
      boolean sameSubnet,
      int echoesSent,
      int echoesAnswered,
      boolean closedUdp,
      Optional<Integer> tcp,
      boolean noNeighbour) {
    public UnderlayTrial {
      Bounds.present(address, "address");
      Bounds.present(tcp, "tcp");
    }

    /** Whether anything but UDP passes. */
    public boolean passes() {
      return echoesAnswered > 0 || tcp.isPresent();
    }
  }

  /**
   * Echoes that a tap saw.
   *
   * @param tap {@code vtep} or {@code nic}
   */
  public record Seen(String tap, EchoCount echoes) {
    public Seen {
      Bounds.name(tap, "seen.tap");
      Bounds.present(echoes, "echoes");
    }
  }
}

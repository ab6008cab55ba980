package io.naru.core.diagnosis;

import io.naru.core.path.PathState;
import io.naru.core.probe.TrainKind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What one node's agent observed in one examination.
 *
 * @param node its name
 * @param underlay the interface to other nodes
 * @param underlayUp whether that interface is up and has a carrier
 * @param addresses its own, on the underlay
 * @param vxlanPort UDP port of the tunnel
 * @param agentPort TCP port of the agents' channel
 * @param vni the tunnel's network identifier
 * @param podMtu in bytes
 * @param podNetworks the blocks that all pods' addresses are of
 * @param agent what its agent does; evidence of an older one, which does not tell, is of one that
 *     repairs
 * @param drift how its kernel differs from what it should hold, while nobody repairs it
 * @param counters by how much each of the kernel's counters rose meanwhile, like {@code
 *     Udp.NoPorts}; those that did not rise are absent
 * @param paths its words on the paths that begin or end here
 * @param peers what it tried on its peers
 * @param icmpErrors that arrived meanwhile
 * @param frames headers of the tunnel's frames with probes that came in
 * @param drops rules that dropped probes
 * @param filters what else may drop packets, which nftables does not show
 * @param dropReasons why its kernel threw away packets of the tunnel, or probes
 * @param forwarding whether pods' packets got through the nodes' forwarding, and back; empty if no
 *     pod could try
 * @param sightings where this node saw packets of such trials
 * @param trains what it counted of trains of packets, sent and received
 * @param notChecked what it could not look at, a sentence each
 */
public record NodeEvidence(
    String node,
    String underlay,
    boolean underlayUp,
    List<String> addresses,
    int vxlanPort,
    int agentPort,
    int vni,
    int podMtu,
    List<String> podNetworks,
    AgentWork agent,
    List<Drift> drift,
    Map<String, Long> counters,
    List<PathWord> paths,
    List<PeerEvidence> peers,
    List<IcmpError> icmpErrors,
    List<TunnelFrame> frames,
    List<RuleDrop> drops,
    OtherFilters filters,
    List<DropReason> dropReasons,
    List<ForwardTrial> forwarding,
    List<TrialSighting> sightings,
    List<TrainCount> trains,
    List<String> notChecked) {
  public NodeEvidence {
    agent = Objects.requireNonNullElse(agent, AgentWork.REPAIRS);
    addresses = List.copyOf(addresses);
    podNetworks = List.copyOf(podNetworks);
    drift = List.copyOf(drift);
    counters = Map.copyOf(counters);
    paths = List.copyOf(paths);
    peers = List.copyOf(peers);
    icmpErrors = List.copyOf(icmpErrors);
    frames = List.copyOf(frames);
    drops = List.copyOf(drops);
    dropReasons = List.copyOf(dropReasons);
    forwarding = List.copyOf(forwarding);
    sightings = List.copyOf(sightings);
    trains = List.copyOf(trains);
    notChecked = List.copyOf(notChecked);
  }

  /** The same without paths that are well and peers that could be asked. */
  public NodeEvidence aboutTrouble() {
    return new NodeEvidence(
        node,
        underlay,
        underlayUp,
        addresses,
        vxlanPort,
        agentPort,
        vni,
        podMtu,
        podNetworks,
        agent,
        drift,
        counters,
        paths.stream().filter(path -> path.state() != PathState.HEALTHY).toList(),
        peers.stream()
            .filter(peer -> peer.otherUdp().isPresent() || !peer.channel().equals("open"))
            .toList(),
        icmpErrors,
        frames,
        drops,
        filters,
        dropReasons,
        forwarding,
        sightings,
        trains,
        notChecked);
  }

  /** Why its kernel threw away packets to one of these UDP ports, a sentence each. */
  public List<String> reasons(List<Integer> ports) {
    return dropReasons.stream()
        .filter(reason -> ports.contains(reason.port()) && reason.isTelling())
        .sorted(Comparator.comparing(reason -> -reason.packets()))
        .limit(3)
        .map(reason -> node + "'s kernel " + reason.sentence())
        .toList();
  }

  /** Whether nobody repairs its kernel, so that what differs stays so. */
  public boolean isLeftAlone() {
    return agent != AgentWork.REPAIRS;
  }

  /** By how much a counter rose. */
  public long rose(String counter) {
    return counters.getOrDefault(counter, 0L);
  }

  /** How many fragments it made meanwhile, of both families. */
  public long fragmentsMade() {
    return rose("Ip.FragCreates") + rose("Ip6FragCreates");
  }

  /** How many fragments came in meanwhile, of both families. */
  public long fragmentsReceived() {
    return rose("Ip.ReasmReqds") + rose("Ip6ReasmReqds");
  }

  /** How many packets it put together of fragments meanwhile, of both families. */
  public long packetsReassembled() {
    return rose("Ip.ReasmOKs") + rose("Ip6ReasmOKs");
  }

  /** What it tried on a peer. */
  public Optional<PeerEvidence> peer(String name) {
    return peers.stream().filter(peer -> peer.name().equals(name)).findFirst();
  }

  /**
   * Something the kernel should hold as the store says, and does not; or holds, and should not.
   *
   * @param fault what that is called, like {@code fdb-missing}
   * @param line the difference, like {@code + fdb …}
   * @param peer whose packets need it; empty where all do
   */
  public record Drift(String fault, String line, Optional<String> peer) {
    /** All that a drift may be called. */
    public static final Set<String> FAULTS =
        Set.of(
            "address-altered",
            "entry-surplus",
            "fdb-missing",
            "fdb-wrong",
            "filter-altered",
            "forward-drop",
            "ip-forward-off",
            "mtu-pod-too-big",
            "neigh-missing",
            "pod-link-altered",
            "port-mismatch",
            "route-missing",
            "route-wrong",
            "rp-filter",
            "rule-missing",
            "setting-altered",
            "tunnel-altered",
            "tunnel-missing",
            "vni-mismatch",
            "vtep-mac-stale");

    /** Whether it is there in addition, and nothing is missing for it. */
    public boolean isSurplus() {
      return fault.equals("entry-surplus");
    }
  }

  /**
   * One end's word on a path.
   *
   * @param transport {@code direct} or {@code vxlan}
   * @param chosen whether pods' packets go that way now
   * @param reason why, one sentence without a full stop
   * @param smallPass whether small probes pass, so that only large ones are in trouble
   * @param lastSeen the farthest tap that saw the probes
   * @param notSeen the next one, which did not
   */
  public record PathWord(
      String from,
      String to,
      String transport,
      boolean chosen,
      PathState state,
      String reason,
      boolean smallPass,
      Optional<String> lastSeen,
      Optional<String> notSeen) {}

  /**
   * What was tried on a peer.
   *
   * @param address its underlay address
   * @param sameSubnet whether no router is between
   * @param channel {@code open}, {@code refused}, {@code silent}, {@code not authenticated} or
   *     {@code untried}
   * @param channelTrouble why the channel is not open
   * @param otherUdp whether UDP to another port came back refused, so that it arrived; empty if
   *     nobody tried
   * @param vxlanElsewhere the same for a VXLAN frame to that other port
   * @param standardPort the same for UDP 4789
   * @param probesRefused whether its kernel refuses the probes' port at its addresses in the pods'
   *     network, so that packets reach it there and nobody listens; empty if nobody tried
   * @param routeTrouble why this node's kernel has no route there; empty where it has one
   */
  public record PeerEvidence(
      String name,
      String address,
      boolean sameSubnet,
      String channel,
      String channelTrouble,
      Optional<Boolean> otherUdp,
      Optional<Boolean> vxlanElsewhere,
      Optional<Boolean> standardPort,
      Optional<Boolean> probesRefused,
      String routeTrouble) {}

  /**
   * A packet of a trial from pod to pod, seen at a tap of this node.
   *
   * @param from address of the pod that tried
   * @param to address that it tried
   * @param tap {@code veth}, {@code vtep} or {@code nic}
   * @param answer whether it was the answer, on its way back
   * @param large whether it was, or answered, one of full size
   */
  public record TrialSighting(String from, String to, String tap, boolean answer, boolean large) {}

  /**
   * Packets from a pod's own namespace to a pod of a peer.
   *
   * @param pod the pod
   * @param address its address
   * @param peer the node they were sent to
   * @param peerPod the pod there; the node itself where none was known
   * @param peerAddress the address they were sent to
   * @param answered whether the refusal of a small one came back
   * @param size length with its IP header of one as large as the pod may send, in bytes
   * @param largeAnswered whether that one's came back, or the pod was told that it is too large
   */
  public record ForwardTrial(
      String pod,
      String address,
      String peer,
      String peerPod,
      String peerAddress,
      boolean answered,
      int size,
      boolean largeAnswered) {}

  /**
   * What one end counted of a train of packets.
   *
   * @param run which train
   * @param transport {@code direct} or {@code vxlan}
   * @param family {@code IPv4} or {@code IPv6}
   * @param sent how many the kernel took; 0 at the receiver
   * @param atVtep how many passed the tunnel device
   * @param atNic how many passed the underlay interface
   * @param milliseconds from the first to the last that passed the underlay interface
   * @param largest length with its IP header of the largest that passed it, in bytes
   * @param wholeFlows of how many source ports all packets passed it
   * @param silentFlows of how many none did
   */
  public record TrainCount(
      String run,
      String from,
      String to,
      String transport,
      String family,
      TrainKind kind,
      int sent,
      int atVtep,
      int atNic,
      long milliseconds,
      int largest,
      int wholeFlows,
      int silentFlows) {}

  /**
   * An ICMP error about a packet of this node.
   *
   * @param from who sent it: the hop that refused
   * @param meaning in words, like {@code administratively prohibited}
   * @param about destination of the packet it quotes
   * @param port UDP or TCP port that the quoted packet was for; 0 where it has none
   */
  public record IcmpError(String from, String meaning, String about, int port) {}

  /**
   * What the headers of a tunnel's frame said, as it came in.
   *
   * @param from outer source address
   * @param vni network identifier in its VXLAN header
   * @param innerDestination MAC address that the inner frame is for
   * @param congestion whether the outer header says "congestion experienced"
   * @param toOtherHost whether its outer MAC destination is not this node's interface
   */
  public record TunnelFrame(
      String from, int vni, String innerDestination, boolean congestion, boolean toOtherHost) {}
}

package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.AgentWork;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.NodeEvidence.ForwardTrial;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.path.PathState;
import io.naru.core.path.VxlanPort;
import io.naru.doctor.peer.Look.UnderlayTrial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A look as the evidence that the rules know. Nobody repairs such a node, as if its agent paused.
 *
 * @param look what was seen
 * @param paths from it
 * @param differences of it
 * @param names of nodes
 * @param comparedVni whether devices of two ends are known to differ in their VNI
 */
record LookEvidence(
    Look look,
    List<PeerPath> paths,
    List<Difference> differences,
    NodeNames names,
    boolean comparedVni) {
  private static final int USUAL_TCP = 10250; // kubelet's

  NodeEvidence evidence() {
    Tunnel tunnel = tunnel().orElse(null);
    List<String> notChecked = new ArrayList<>(look.notChecked());
    if (paths.isEmpty()) {
      notChecked.add("no other node is known here, so nothing was sent");
    }
    return new NodeEvidence(
        look.node(),
        tunnel == null ? "" : tunnel.nic(),
        true,
        addresses(tunnel),
        tunnel == null ? VxlanPort.LINUX : tunnel.port(),
        USUAL_TCP,
        tunnel == null ? 0 : tunnel.vni(),
        tunnel == null ? 1500 : tunnel.mtu(),
        PodNetworks.of(look),
        AgentWork.PAUSED,
        differences.stream()
            .map(each -> new Drift(each.fault(), each.sentence(), each.peer()))
            .toList(),
        look.counters(),
        words(),
        peers(),
        errors(tunnel),
        frames(tunnel),
        look.drops(),
        look.filters(),
        List.of(),
        forwarding(notChecked),
        look.sightings(),
        List.of(),
        notChecked);
  }

  /** The trials; what a network policy forbids is none of this network's faults. */
  private List<ForwardTrial> forwarding(List<String> notChecked) {
    List<ForwardTrial> trials = new ArrayList<>();
    for (PodTrial trial : look.podTrials()) {
      String to =
          paths.stream()
              .filter(path -> path.probe().target().equals(trial.way()))
              .map(PeerPath::to)
              .findFirst()
              .orElse("");
      Optional<String> policy = names.policyAgainst(trial);
      if (!trial.passes() && policy.isPresent()) {
        notChecked.add(
            "whether packets from pod "
                + trial.pod()
                + " to "
                + trial.target()
                + " are forwarded: "
                + policy.get());
      } else if (!trial.passes() && Losses.areInPod(trial, names)) {
        notChecked.add(
            "whether answers of pod "
                + trial.target()
                + " to pod "
                + trial.pod()
                + " are forwarded: it is sent the packets, and no answer comes out of it");
      } else if (!to.isEmpty()) {
        trials.add(
            new ForwardTrial(
                trial.pod().toString(),
                trial.pod().toString(),
                to,
                trial.toPod() ? trial.target().toString() : to,
                trial.target().toString(),
                trial.answered(),
                trial.size(),
                trial.largeAnswered()));
      }
    }
    if (look.podTrials().stream().anyMatch(trial -> trial.answered() && !trial.toPod())) {
      notChecked.add(
          "whether the other nodes pass packets on to their pods: from here no address of those"
              + " pods is known");
    }
    return trials;
  }

  /** The tunnel whose probes fare worst, else the first. */
  private Optional<Tunnel> tunnel() {
    return paths.stream()
        .filter(path -> path.word().state() != PathState.HEALTHY)
        .flatMap(
            path -> look.tunnels().stream().filter(t -> t.device().equals(path.probe().device())))
        .findFirst()
        .or(() -> look.tunnels().stream().findFirst());
  }

  /** The outer source first: remedies name it. */
  private List<String> addresses(@Nullable Tunnel tunnel) {
    List<IpAddress> addresses = new ArrayList<>();
    if (tunnel != null) {
      tunnel.local().ifPresent(addresses::add);
    }
    look.addresses().stream().filter(a -> !addresses.contains(a)).forEach(addresses::add);
    return addresses.stream().map(IpAddress::toString).toList();
  }

  /** The words on the paths from here, and what only this end can tell of the ways back. */
  private List<PathWord> words() {
    List<PathWord> words = new ArrayList<>();
    for (PeerPath path : paths) {
      PathWord word =
          path.isAnsweredByNobody() && usesStaleMac(path.to()) ? path.unanswered() : path.word();
      if (path.receiver().isEmpty()
          && word.state() == PathState.BROKEN
          && path.probe().detour().orElse(false)) {
        words.add(healthy(word));
        words.add(wayBack(word));
      } else {
        words.add(word);
      }
    }
    return words;
  }

  /** Then the other end's kernel takes the frames for somebody else's. */
  private boolean usesStaleMac(String peer) {
    return differences.stream()
        .anyMatch(
            each -> each.fault().equals("vtep-mac-stale") && each.peer().equals(Optional.of(peer)));
  }

  private static PathWord healthy(PathWord word) {
    return new PathWord(
        word.from(),
        word.to(),
        word.transport(),
        true,
        PathState.HEALTHY,
        "an answer came by the underlay",
        true,
        Optional.empty(),
        Optional.empty());
  }

  private static PathWord wayBack(PathWord word) {
    return new PathWord(
        word.to(),
        word.from(),
        word.transport(),
        true,
        PathState.BROKEN,
        "answers come by the underlay, and none through the tunnel",
        false,
        Optional.of(word.to() + "/nic"),
        Optional.of(word.from() + "/nic"));
  }

  private List<NodeEvidence.PeerEvidence> peers() {
    Map<String, NodeEvidence.PeerEvidence> peers = new LinkedHashMap<>();
    for (PeerPath path : paths) {
      Optional<UnderlayTrial> trial = trial(path);
      boolean dead = trial.isPresent() && !trial.get().passes() && !trial.get().closedUdp();
      peers.putIfAbsent(
          path.to(),
          new NodeEvidence.PeerEvidence(
              path.to(),
              path.probe().node().map(IpAddress::toString).orElse(path.to()),
              trial.filter(UnderlayTrial::sameSubnet).isPresent(),
              // A channel of agents there is none: what else passes stands for it.
              trial.filter(UnderlayTrial::passes).isPresent()
                  ? "open"
                  : dead && isLostOnTheWay(path) ? "silent" : "untried",
              "",
              trial.map(UnderlayTrial::closedUdp),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              ""));
    }
    for (Tunnel tunnel : look.tunnels()) {
      for (PeerEnd end : PeerEnd.of(tunnel)) {
        String name = names.name(end);
        peers.putIfAbsent(
            name,
            new NodeEvidence.PeerEvidence(
                name,
                end.node().map(IpAddress::toString).orElse(name),
                false,
                "untried",
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ""));
      }
    }
    return List.copyOf(peers.values());
  }

  private static boolean isLostOnTheWay(PeerPath path) {
    PathWord word = path.word();
    return word.notSeen().filter(tap -> tap.startsWith(word.to() + "/")).isPresent()
        || word.lastSeen().isEmpty();
  }

  private Optional<UnderlayTrial> trial(PeerPath path) {
    return look.underlay().stream()
        .filter(trial -> path.probe().node().equals(Optional.of(trial.address())))
        .findFirst();
  }

  /** Errors about the tunnel's packets; where this end's own port is the wrong one, none. */
  private List<IcmpError> errors(@Nullable Tunnel tunnel) {
    boolean told =
        differences.stream().anyMatch(difference -> difference.fault().equals("port-mismatch"));
    return look.icmpErrors().stream()
        // A forwarding entry may name another port than the device has.
        .filter(
            error ->
                tunnel == null
                    || error.port() == tunnel.port()
                    || VxlanPort.USUAL.contains(error.port()))
        .filter(error -> !(told && error.meaning().equals("port unreachable")))
        .toList();
  }

  private List<TunnelFrame> frames(@Nullable Tunnel tunnel) {
    if (tunnel == null || tunnel.external()) {
      return List.of();
    }
    // Where the devices of both ends were compared, that says more than a frame's header.
    return look.frames().stream()
        .filter(frame -> !comparedVni || frame.vni() == tunnel.vni())
        .toList();
  }
}

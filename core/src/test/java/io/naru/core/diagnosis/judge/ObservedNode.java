package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.AgentWork;
import io.naru.core.diagnosis.DropReason;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.NodeEvidence.ForwardTrial;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.NodeEvidence.TrainCount;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node's evidence, changed step by step. */
final class ObservedNode {
  final String name;
  String network = "192.0.2.";
  boolean paused;
  boolean down;
  final List<Drift> drift = new ArrayList<>();
  Map<String, Long> counters = Map.of();
  final List<PathWord> words = new ArrayList<>();
  final List<PeerEvidence> peers = new ArrayList<>();
  final List<IcmpError> errors = new ArrayList<>();
  final List<TunnelFrame> frames = new ArrayList<>();
  final List<RuleDrop> drops = new ArrayList<>();
  final List<DropReason> reasons = new ArrayList<>();
  OtherFilters filters = OtherFilters.NONE;
  final List<ForwardTrial> forwarding = new ArrayList<>();
  final List<TrainCount> trains = new ArrayList<>();
  final List<TrialSighting> sightings = new ArrayList<>();
  final List<String> notChecked = new ArrayList<>();
  boolean underlayUp = true;
  String transport = "vxlan";
  Optional<Boolean> vxlanElsewhere = Optional.empty();
  Optional<Boolean> probesRefused = Optional.empty();
  String routeTrouble = "";

  ObservedNode(String name) {
    this.name = name;
  }

  ObservedNode word(
      String from, String to, PathState state, String reason, String seen, String missing) {
    words.add(
        new PathWord(
            from,
            to,
            transport,
            true,
            state,
            reason,
            state == PathState.HEALTHY || reason.contains("small packets"),
            Optional.ofNullable(seen),
            Optional.ofNullable(missing)));
    return this;
  }

  ObservedNode well(String from, String to) {
    return word(from, to, PathState.HEALTHY, "probes of both sizes arrive", null, null);
  }

  ObservedNode peer(String peer, String channel, Boolean otherUdp) {
    peers.add(
        new PeerEvidence(
            peer,
            network + peer.charAt(4),
            true,
            channel,
            "",
            Optional.ofNullable(otherUdp),
            vxlanElsewhere,
            Optional.empty(),
            probesRefused,
            routeTrouble));
    return this;
  }

  NodeEvidence evidence() {
    return new NodeEvidence(
        name,
        "eth0",
        underlayUp,
        List.of(network + name.charAt(4)),
        8472,
        8472,
        1,
        1450,
        List.of("10.0.0.0/16"),
        down ? AgentWork.DOWN : paused ? AgentWork.PAUSED : AgentWork.REPAIRS,
        drift,
        counters,
        words,
        peers,
        errors,
        frames,
        drops,
        filters,
        reasons,
        forwarding,
        sightings,
        trains,
        notChecked);
  }
}

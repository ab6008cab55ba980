package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.doctor.peer.Look.Probe;
import java.util.List;
import java.util.Optional;

/** Whether packets get through: before an entry or a setting is called wrong. */
final class Losses {
  /** Single packets get lost for many reasons. */
  private static final int STRAY = 2;

  private Losses() {}

  /** Whether a tunnel's probes to an end are answered through it. */
  static boolean answers(Look look, Tunnel tunnel, PeerEnd end) {
    return look.probes().stream()
        .filter(probe -> probe.device().equals(tunnel.device()))
        .filter(probe -> end.target().filter(probe.target()::equals).isPresent())
        .anyMatch(probe -> probe.smallAnswered() > 0);
  }

  /** Whether something is lost that a node sent, or that others sent to it. */
  static boolean at(Look node, List<Look> looks) {
    return looks.stream()
        .anyMatch(
            look -> {
              boolean own = look.node().equals(node.node());
              return look.probes().stream()
                      .filter(probe -> own || isTo(probe, node))
                      .anyMatch(Losses::isLossy)
                  || look.podTrials().stream()
                      .filter(trial -> own || holds(node, trial.way()))
                      .anyMatch(trial -> !trial.passes());
            });
  }

  /** Whether a pod was sent what asks it, and did not answer: its node has done its part. */
  static boolean areInPod(PodTrial trial, NodeNames names) {
    List<TrialSighting> seen =
        names
            .look(Optional.empty(), Optional.of(trial.way()), Optional.empty())
            .map(Look::sightings)
            .orElse(List.of());
    return trial.toPod()
        && seen.contains(atVeth(trial, false))
        && !seen.contains(atVeth(trial, true));
  }

  private static TrialSighting atVeth(PodTrial trial, boolean answer) {
    return new TrialSighting(
        trial.pod().toString(), trial.target().toString(), "veth", answer, trial.answered());
  }

  private static boolean isTo(Probe probe, Look node) {
    return holds(node, probe.target())
        || probe.node().filter(node.addresses()::contains).isPresent();
  }

  private static boolean holds(Look node, IpAddress address) {
    return node.addresses().contains(address)
        || node.tunnels().stream().anyMatch(tunnel -> tunnel.addresses().contains(address));
  }

  private static boolean isLossy(Probe probe) {
    boolean pingsAreIgnored = probe.smallAnswered() == 0 && probe.otherAnswer().orElse(false);
    int sent = probe.smallSent() + probe.fullSent();
    return !pingsAreIgnored && sent - probe.smallAnswered() - probe.fullAnswered() > STRAY;
  }
}

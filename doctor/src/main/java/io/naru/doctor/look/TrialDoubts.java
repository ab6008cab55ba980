package io.naru.doctor.look;

import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.doctor.peer.PodTrial;
import java.util.List;
import java.util.Optional;

/**
 * Why a failed trial may be its pod's own affair: a pod filters, and sets addresses, as it likes.
 *
 * @param others the same trials from other pods of the node
 * @param seen where this node's taps saw the trials' packets
 */
record TrialDoubts(List<PodTrial> others, List<TrialSighting> seen) {
  TrialDoubts {
    others = List.copyOf(others);
    seen = List.copyOf(seen);
  }

  /** What is not known then, a sentence; empty where the trial counts. */
  Optional<String> about(PodTrial trial) {
    if (trial.passes()) {
      return Optional.empty();
    }
    String unknown = "whether pods' packets are forwarded to " + trial.target() + ": ";
    if (!trial.answered() && !cameOut(trial)) {
      return Optional.of(unknown + "those of pod " + trial.pod() + " do not come out of the pod");
    }
    return others.stream()
        .filter(other -> other.target().equals(trial.target()))
        .filter(other -> !other.pod().equals(trial.pod()))
        .filter(other -> trial.answered() ? other.passes() : other.answered())
        .findFirst()
        .map(
            other ->
                unknown
                    + (trial.answered() ? "large ones of pod " : "those of pod ")
                    + trial.pod()
                    + " get no answer, and those of pod "
                    + other.pod()
                    + " beside it do");
  }

  private boolean cameOut(PodTrial trial) {
    return seen.contains(
        new TrialSighting(trial.pod().toString(), trial.target().toString(), "veth", false, false));
  }
}

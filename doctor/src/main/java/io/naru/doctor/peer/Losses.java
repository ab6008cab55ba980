package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.doctor.peer.Look.Probe;
import java.util.List;

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

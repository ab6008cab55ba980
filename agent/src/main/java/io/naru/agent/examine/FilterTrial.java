package io.naru.agent.examine;

import io.naru.core.address.IpAddress;
import io.naru.core.cluster.Node;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.error.NaruException;
import io.naru.core.path.VxlanPort;
import io.naru.core.probe.ProbePacket;
import io.naru.linux.call.Rest;
import io.naru.observe.filter.DropTrace;
import io.naru.observe.trial.PortTrial;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tries a closed port of the peers in trouble while the packet filter is traced.
 *
 * @param port where nobody listens, so that a refusal comes back
 */
record FilterTrial(NodeView view, int port) {
  private static final Duration TRACE = Duration.ofMillis(900);

  /**
   * What came of it.
   *
   * @param answered what came back, by peer
   * @param drops the rules that dropped something
   */
  record Outcome(Map<String, Answered> answered, List<RuleDrop> drops) {
    static final Outcome NONE = new Outcome(Map.of(), List.of());
  }

  /**
   * Whether refusals of a closed port came back.
   *
   * @param udp of UDP
   * @param vxlan of a VXLAN frame
   * @param standardPort of UDP to VXLAN's own port
   */
  record Answered(boolean udp, boolean vxlan, boolean standardPort) {}

  /**
   * Takes a second.
   *
   * @param meanwhile what else sends packets that should be traced
   */
  Outcome run(Set<String> peers, List<String> notChecked, Runnable meanwhile) {
    long end = System.nanoTime() + TRACE.toNanos();
    try (DropTrace trace =
        DropTrace.start(List.of(view.configuration().vxlanPort(), ProbePacket.PORT, port))) {
      meanwhile.run();
      Map<String, Answered> answered = tryPort(peers);
      Rest.until(end, Examination.BROKEN_OFF);
      return new Outcome(answered, trace.drops());
    } catch (NaruException notTraced) {
      if (Thread.currentThread().isInterrupted()) {
        throw notTraced; // broken off: nobody wants what is left of it
      }
      notChecked.add("which rule drops packets: " + notTraced.sentence());
      return new Outcome(tryPort(peers), List.of());
    }
  }

  private Map<String, Answered> tryPort(Set<String> peers) {
    Map<String, Future<Answered>> trials = new HashMap<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Node peer : view.peers()) {
        if (peers.contains(peer.name().text())) {
          IpAddress address = peer.publicAddresses().getFirst();
          Future<Boolean> vxlan = threads.submit(() -> PortTrial.isVxlanAnswered(address, port));
          Future<Boolean> standard =
              threads.submit(() -> PortTrial.isAnswered(address, VxlanPort.STANDARD));
          Callable<Answered> trial =
              () -> new Answered(PortTrial.isAnswered(address, port), vxlan.get(), standard.get());
          trials.put(peer.name().text(), threads.submit(trial));
        }
      }
    }
    Map<String, Answered> answered = new HashMap<>();
    trials.forEach(
        (peer, trial) -> {
          if (trial.state() == Future.State.SUCCESS) {
            answered.put(peer, trial.resultNow());
          }
        });
    return answered;
  }
}

package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.ServiceWalk.Result;
import io.naru.core.trace.Outcome;
import io.naru.core.trace.TraceReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was found out about a service: what it leads to, and what became of probes.
 *
 * @param name {@code NAMESPACE/NAME}
 * @param observers nodes whose agents said where their new connections go
 */
public record ServiceCase(
    String name, List<String> observers, List<Frontend> frontends, List<Trial> trials) {
  public ServiceCase {
    observers = List.copyOf(observers);
    frontends = List.copyOf(frontends);
    trials = List.copyOf(trials);
  }

  /**
   * One of its addresses with one of its ports.
   *
   * @param address empty for a headless service
   * @param port empty for a headless service without ports
   * @param protocol {@code tcp} or {@code udp}
   */
  public record Frontend(
      Optional<String> address,
      Optional<Integer> port,
      Optional<String> protocol,
      List<Target> targets) {
    public Frontend {
      targets = List.copyOf(targets);
    }

    /** What is asked of its backends: {@code tcp}, {@code udp}, or {@code echo} without a port. */
    public String probe() {
      return protocol.orElse("echo");
    }
  }

  /**
   * A backend of a frontend.
   *
   * @param port where it serves
   * @param node the node that has its address, if any does
   * @param state {@code ready}, {@code terminating} or {@code not-ready}
   * @param nobody whether the address is one of pods, and no agent knows a pod that has it
   * @param chosenBy those of the observers whose new connections may go to it
   */
  public record Target(
      String address,
      Optional<Integer> port,
      Optional<String> node,
      String state,
      boolean nobody,
      List<String> chosenBy) {
    public Target {
      chosenBy = List.copyOf(chosenBy);
    }

    /** As people say where it is: {@code 10.244.2.5 on node2}. */
    public String where() {
      return address + node.map(name -> " on " + name).orElse(" outside of the cluster");
    }
  }

  /**
   * A probe of a backend's port.
   *
   * @param from the pod or node that asked
   * @param fromNode the node it is on, or is
   * @param address the backend's
   * @param probe as {@link Frontend#probe}
   * @param port the backend's; 0 for an echo
   * @param trace what became of it; empty where it was not tried
   * @param plain an echo between the same, where that was tried too
   * @param failure why it was not tried, a sentence
   */
  public record Trial(
      String from,
      String fromNode,
      String address,
      String probe,
      int port,
      Optional<TraceReport> trace,
      Optional<TraceReport> plain,
      Optional<String> failure) {
    /** What became of it. */
    public Result result() {
      if (trace.isEmpty()) {
        return Result.NOT_TRIED;
      }
      TraceReport found = trace.get();
      if (found.is(Outcome.ANSWERED)) {
        return Result.ANSWERS;
      }
      if (found.is(Outcome.REFUSED)) {
        return Result.REFUSED;
      }
      if (found.is(Outcome.DELIVERED)) {
        return probe.equals("udp") ? Result.TAKEN : Result.SILENT;
      }
      // Who listens may answer some of such datagrams, and late: that is no loss of the network.
      if (probe.equals("udp") && found.is(Outcome.PARTLY_LOST) && found.notSeen().isEmpty()) {
        return Result.ANSWERS;
      }
      return Result.LOST;
    }

    boolean isOf(Frontend frontend, Target target) {
      return address.equals(target.address())
          && probe.equals(frontend.probe())
          && port == target.port().orElse(0);
    }

    /** Whether a report has a verdict about the path between the node and the backend's. */
    boolean isExplainedBy(DoctorReport report, Target target) {
      return report.verdicts().stream()
          .anyMatch(verdict -> verdict.pairs().stream().anyMatch(pair -> isOn(pair, target)));
    }

    boolean isOn(NodePair pair, Target target) {
      return target
          .node()
          .map(node -> new NodePair(fromNode, node))
          .filter(way -> way.equals(pair) || way.reversed().equals(pair))
          .isPresent();
    }

    /** The same with an echo tried too. */
    public Trial withPlain(TraceReport echo) {
      return new Trial(from, fromNode, address, probe, port, trace, Optional.of(echo), failure);
    }
  }

  /** The trials that an echo would tell more of, as many of each backend as one. */
  public List<Trial> needingPlain(DoctorReport report) {
    return lost(report).stream().map(Tried::trial).toList();
  }

  /** A trial with the backend it was of. */
  record Tried(Frontend frontend, Target target, Trial trial) {
    /** As people say what was tried: {@code TCP 8080 at 10.244.2.5 on node2}. */
    String what() {
      return trial.trace().map(TraceReport::what).orElse("ICMP echo") + " at " + target.where();
    }

    /** Whether anybody's connections may go there: a backend that is not ready may well refuse. */
    boolean isUsed() {
      return target.state().equals("ready") || !target.chosenBy().isEmpty();
    }

    /** Whether new connections of the asking node may go there, as far as that is known. */
    boolean isChosen(ServiceCase of) {
      return !of.observers().contains(trial.fromNode())
          || target.chosenBy().contains(trial.fromNode());
    }
  }

  /** Each trial with each backend of a frontend that it was of. */
  List<Tried> tried() {
    return frontends.stream()
        .flatMap(
            frontend ->
                frontend.targets().stream()
                    .flatMap(
                        target ->
                            trials.stream()
                                .filter(trial -> trial.isOf(frontend, target))
                                .map(trial -> new Tried(frontend, target, trial))))
        .toList();
  }

  /** Of each backend's port the first that was lost without a verdict that says why. */
  List<Tried> lost(DoctorReport report) {
    return tried().stream()
        .filter(each -> each.isUsed() && each.trial().result() == Result.LOST && !isDead(each))
        .filter(each -> !each.trial().isExplainedBy(report, each.target()))
        .collect(
            Collectors.toMap(
                each -> each.target().address() + each.trial().probe() + each.trial().port(),
                each -> each,
                (first, second) -> first,
                LinkedHashMap::new))
        .values()
        .stream()
        .toList();
  }

  /** Whether the backend's own node, which could be asked, knows nobody with its address. */
  static boolean isDead(Tried each) {
    return each.target().nobody()
        && each.trial().trace().filter(trace -> trace.notWatched().isEmpty()).isPresent();
  }
}

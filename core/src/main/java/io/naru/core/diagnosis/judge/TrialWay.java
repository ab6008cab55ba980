package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.ForwardTrial;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.diagnosis.NodePair;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The way of a trial from pod to pod, there and back, and how far it came.
 *
 * @param nodes evidence of all nodes that could be asked, by name
 * @param from the node of the pod that tried
 */
record TrialWay(Map<String, NodeEvidence> nodes, String from, ForwardTrial trial) {
  /**
   * Where it was lost.
   *
   * @param pair the direction of the packets that were lost
   * @param lastSeen the farthest tap that saw them
   * @param notSeen the next one
   */
  record Lost(NodePair pair, String lastSeen, String notSeen) {
    /** The node within which they were lost, if it is one. */
    Optional<String> node() {
      String last = lastSeen.substring(0, lastSeen.lastIndexOf('/'));
      String next = notSeen.substring(0, notSeen.lastIndexOf('/'));
      return last.equals(next) ? Optional.of(last) : Optional.empty();
    }
  }

  private record Tap(String node, String name) {
    String text() {
      return node + "/" + name;
    }
  }

  private String to() {
    return trial.peer();
  }

  /** Between which taps it was lost; empty where the other node could not be asked. */
  Optional<Lost> lost() {
    if (!nodes.containsKey(to()) || !nodes.containsKey(from)) {
      return Optional.empty();
    }
    boolean toNode = trial.peerPod().equals(trial.peer());
    List<Tap> there =
        Stream.of(
                new Tap(from, "veth"),
                new Tap(from, "vtep"),
                new Tap(from, "nic"),
                new Tap(to(), "nic"),
                new Tap(to(), "vtep"),
                new Tap(to(), "veth"))
            .filter(tap -> !toNode || !tap.equals(new Tap(to(), "veth")))
            .toList();
    // Answers inside the tunnel are not looked for at the nics.
    List<Tap> back =
        Stream.of(
                new Tap(to(), "veth"),
                new Tap(to(), "vtep"),
                new Tap(from, "vtep"),
                new Tap(from, "veth"))
            .filter(tap -> !toNode || !tap.equals(new Tap(to(), "veth")))
            .toList();
    int farthest = farthest(there, false);
    NodePair pair = new NodePair(from, to());
    if (farthest < there.size() - 1) {
      String last = farthest < 0 ? trial.pod() + "/eth0" : there.get(farthest).text();
      return Optional.of(new Lost(pair, last, there.get(farthest + 1).text()));
    }
    int returned = farthest(back, true);
    if (returned < 0) {
      return Optional.of(
          new Lost(
              pair, there.getLast().text(), toNode ? to() + "/agent" : trial.peerPod() + "/eth0"));
    }
    String next =
        returned < back.size() - 1 ? back.get(returned + 1).text() : trial.pod() + "/eth0";
    return Optional.of(new Lost(pair.reversed(), back.get(returned).text(), next));
  }

  /** The number of the last tap that saw the packets; −1 for none. */
  private int farthest(List<Tap> way, boolean answer) {
    boolean large = trial.answered();
    for (int i = way.size() - 1; i >= 0; i--) {
      Tap tap = way.get(i);
      TrialSighting wanted =
          new TrialSighting(trial.address(), trial.peerAddress(), tap.name(), answer, large);
      NodeEvidence node = nodes.get(tap.node());
      if (node != null && node.sightings().contains(wanted)) {
        return i;
      }
    }
    return -1;
  }
}

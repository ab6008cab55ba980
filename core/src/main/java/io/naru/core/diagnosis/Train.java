package io.naru.core.diagnosis;

import io.naru.core.diagnosis.NodeEvidence.TrainCount;
import io.naru.core.probe.TrainKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A train of packets as both its ends counted it.
 *
 * @param sent the sender's word
 * @param received the receiver's
 */
public record Train(TrainCount sent, TrainCount received) {
  /** The trains of which both ends gave their word. */
  static List<Train> of(NodeEvidence sender, NodeEvidence receiver, String transport) {
    return sender.trains().stream()
        .filter(count -> count.from().equals(sender.node()) && count.to().equals(receiver.node()))
        .filter(count -> count.transport().equals(transport) && count.sent() > 0)
        .flatMap(count -> join(count, receiver).stream())
        .toList();
  }

  private static Optional<Train> join(TrainCount sent, NodeEvidence receiver) {
    return receiver.trains().stream()
        .filter(count -> count.run().equals(sent.run()) && count.from().equals(sent.from()))
        .findFirst()
        .map(received -> new Train(sent, received));
  }

  public TrainKind kind() {
    return sent.kind();
  }

  /** How many reached the receiver's end of the way. */
  public int arrived() {
    return isTunnelled() ? received.atVtep() : received.atNic();
  }

  public int lost() {
    return Math.max(0, sent.sent() - arrived());
  }

  /** Which part of it was lost, from 0 to 1. */
  public double loss() {
    return (double) lost() / sent.sent();
  }

  private boolean isTunnelled() {
    return sent.transport().equals("vxlan");
  }

  /** How many times as long it took to arrive as it took to leave. */
  public double stretch() {
    return (double) Math.max(1, received.milliseconds()) / Math.max(1, sent.milliseconds());
  }

  private record Count(String tap, int packets) {}

  /** Between which two taps most were lost: the first saw them, the second did not. */
  public List<String> place() {
    List<Count> way =
        Stream.of(
                new Count(sent.from() + "/agent", sent.sent()),
                new Count(sent.from() + "/vtep", sent.atVtep()),
                new Count(sent.from() + "/nic", sent.atNic()),
                new Count(sent.to() + "/nic", received.atNic()),
                new Count(sent.to() + "/vtep", received.atVtep()))
            .filter(count -> isTunnelled() || !count.tap().endsWith("/vtep"))
            .toList();
    int worst = 1;
    for (int i = 1; i < way.size(); i++) {
      if (lostBefore(way, i) > lostBefore(way, worst)) {
        worst = i;
      }
    }
    return List.of(way.get(worst - 1).tap(), way.get(worst).tap());
  }

  private static int lostBefore(List<Count> way, int index) {
    return way.get(index - 1).packets() - way.get(index).packets();
  }
}

package io.naru.core.trace;

import io.naru.core.diagnosis.RuleDrop;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a trace found, as {@code naru trace -o json} prints it.
 *
 * @param from the sending end
 * @param to the other end
 * @param fromNode the node that the sending end is on, or is
 * @param toNode likewise; absent outside of the cluster
 * @param source the probes' source address
 * @param destination their destination
 * @param protocol {@code echo}, {@code udp} or {@code tcp}
 * @param port of UDP or TCP
 * @param sent how many probes left
 * @param answered how many were answered
 * @param refused how many the destination itself refused
 * @param outcome one of {@link Outcome}
 * @param sentence the outcome for people
 * @param lastSeen the last hop that saw what was lost, like {@code node1/nic}
 * @param notSeen the next one, which did not
 * @param oneClock whether all times are of one clock; else each node's are of its own
 * @param requests the way there
 * @param replies the way back; empty where nothing got so far
 * @param errors ICMP errors about the probes
 * @param drops rules of a packet filter that dropped probes
 * @param notWatched what nobody looked at, a sentence each
 */
public record TraceReport(
    String from,
    String to,
    Optional<String> fromNode,
    Optional<String> toNode,
    String source,
    String destination,
    String protocol,
    Optional<Integer> port,
    int sent,
    int answered,
    int refused,
    String outcome,
    String sentence,
    Optional<String> lastSeen,
    Optional<String> notSeen,
    boolean oneClock,
    List<Step> requests,
    List<Step> replies,
    List<HopError> errors,
    List<Drop> drops,
    List<String> notWatched) {
  public TraceReport {
    requests = List.copyOf(requests);
    replies = List.copyOf(replies);
    errors = List.copyOf(errors);
    drops = List.copyOf(drops);
    notWatched = List.copyOf(notWatched);
  }

  /**
   * A hop of one direction.
   *
   * @param tap like {@code node1/nic}
   * @param interfaceName the interface's own name
   * @param watched whether anybody looked
   * @param seen how many probes were seen there
   * @param microseconds since the first sight of that probe, by that node's clock
   * @param bytes of the IP packet there, the outer one in a tunnel
   * @param changes what differs from the hop before
   */
  public record Step(
      String tap,
      Optional<String> interfaceName,
      boolean watched,
      int seen,
      Optional<Long> microseconds,
      Optional<Integer> bytes,
      List<Difference> changes) {
    public Step {
      changes = List.copyOf(changes);
    }
  }

  /** What differs in a packet's headers, and of what kind that is. */
  public record Difference(String kind, String text) {}

  /** Somebody said no: who, what, and the first tap that heard it. */
  public record HopError(String from, String says, String tap) {}

  /** A rule that dropped a probe, and where. */
  public record Drop(String node, String chain, String rule, Optional<String> handle) {
    static Drop of(String node, RuleDrop drop) {
      return new Drop(node, drop.chain(), drop.rule(), drop.handle());
    }
  }

  /** 0 answered or refused by the destination, 1 lost, 2 delivered and not answered. */
  public int exitCode() {
    for (Outcome each : Outcome.values()) {
      if (each.toString().equals(outcome)) {
        return each.exitCode();
      }
    }
    return 1;
  }

  /** What was sent, as people say it. */
  public String what() {
    return port.map(number -> protocol.toUpperCase(Locale.ROOT) + " " + number).orElse("ICMP echo");
  }

  /** Whether the outcome is that. */
  public boolean is(Outcome wanted) {
    return outcome.equals(wanted.toString());
  }

  /** Whether something is lost in silence within one node, so that its rules may tell why. */
  public boolean wouldRulesTell() {
    return errors.isEmpty()
        && lastSeen.isPresent()
        && notSeen.isPresent()
        && node(lastSeen.get()).equals(node(notSeen.get()));
  }

  private static String node(String tap) {
    return tap.substring(0, Math.max(tap.lastIndexOf('/'), 0));
  }
}

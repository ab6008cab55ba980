package io.naru.core.trace;

import io.naru.core.cluster.NodeName;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.path.Transport;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one node saw of a trace.
 *
 * @param kernel what tells running kernels apart (boot_id): nodes of one share a clock
 * @param transport by which the node reaches the other end's node; empty where there is none
 * @param taps the interface of each tap that was open
 * @param sightings in the order of time
 * @param attempts what became of each probe at the socket that sent it; none where none was sent
 * @param drops rules of the packet filter that dropped a probe
 * @param keys by which another node knows the probes that carry no marker: TCP's initial sequence
 *     numbers, UDP's source ports, in the probes' order; −1 where one is not known
 * @param notes what could not be looked at, a sentence each
 */
public record NodeTrace(
    NodeName node,
    String kernel,
    Optional<Transport> transport,
    List<OpenTap> taps,
    List<Sighting> sightings,
    List<Attempt> attempts,
    List<RuleDrop> drops,
    List<Long> keys,
    List<String> notes) {
  /** A tap, and the interface it is on. */
  public record OpenTap(Tap tap, String interfaceName) {}

  /**
   * A probe at the socket that sent it.
   *
   * @param refusal why the kernel did not take it; empty where it did
   */
  public record Attempt(int probe, Optional<String> refusal) {}

  public NodeTrace {
    Objects.requireNonNull(node, "node is missing");
    taps = List.copyOf(taps);
    sightings = List.copyOf(sightings);
    attempts = List.copyOf(attempts);
    drops = List.copyOf(drops);
    keys = List.copyOf(keys);
    notes = List.copyOf(notes);
  }

  /** The same with rules that dropped probes. */
  public NodeTrace withDrops(List<RuleDrop> rules) {
    return new NodeTrace(node, kernel, transport, taps, sightings, attempts, rules, keys, notes);
  }

  /** The interface of a tap, if it was open. */
  public Optional<String> interfaceOf(Tap tap) {
    return taps.stream().filter(open -> open.tap() == tap).map(OpenTap::interfaceName).findFirst();
  }
}

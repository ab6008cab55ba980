package io.naru.core.trace;

import io.naru.core.cluster.NodeName;
import java.util.List;
import java.util.Objects;

/**
 * What one node captured.
 *
 * @param packets in the order of time
 * @param notes what could not be captured, a sentence each
 */
public record NodeCapture(NodeName node, List<Packet> packets, List<String> notes) {
  /**
   * A packet.
   *
   * @param hop where it was captured, like {@code node1/nic}
   * @param nanoseconds since 1970, by the node's clock
   * @param length bytes of the whole frame
   * @param outgoing whether the interface sent it
   * @param frame from the Ethernet header on, perhaps cut
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares packets.
  public record Packet(String hop, long nanoseconds, int length, boolean outgoing, byte[] frame) {}

  public NodeCapture {
    Objects.requireNonNull(node, "node is missing");
    packets = List.copyOf(packets);
    notes = List.copyOf(notes);
  }
}

package io.naru.doctor.audit.rules;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import java.util.Optional;

/**
 * A packet between two nodes, of which a filter is asked.
 *
 * @param inbound whether the host receives it; else it sends it
 * @param protocol number of the transport
 * @param port destination port, or 0
 * @param peer the other node, if its address is known
 */
public record Question(
    IpFamily family, boolean inbound, int protocol, int port, Optional<IpAddress> peer) {
  /** The same with another protocol and port. */
  public Question with(int otherProtocol, int otherPort) {
    return new Question(family, inbound, otherProtocol, otherPort, peer);
  }
}

package io.naru.observe.echo;

import io.naru.core.address.IpAddress;
import java.util.Objects;

/**
 * How many echoes of one kind a tap saw.
 *
 * @param run number of the run that sent the requests
 * @param asker who sent the requests
 * @param target whom they ask
 * @param full whether they have full size
 * @param reply whether these are the answers
 * @param tunnelled whether they were within VXLAN
 * @param incoming whether they came in
 * @param count how many different ones
 */
public record EchoCount(
    int run,
    IpAddress asker,
    IpAddress target,
    boolean full,
    boolean reply,
    boolean tunnelled,
    boolean incoming,
    int count) {
  public EchoCount {
    Objects.requireNonNull(asker, "asker is missing");
    Objects.requireNonNull(target, "target is missing");
  }
}

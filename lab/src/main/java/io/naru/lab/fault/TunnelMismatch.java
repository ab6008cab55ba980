package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/**
 * Two ends of a tunnel that do not agree.
 *
 * @param option what the sender's entry says beside the destination, as {@code bridge fdb} has it
 */
public record TunnelMismatch(String id, String title, String description, String option)
    implements ScriptedFault {
  /** On the UDP port. */
  static TunnelMismatch port(int port) {
    return new TunnelMismatch(
        "port-mismatch",
        "the sender's packets go to another port",
        sends("to UDP " + port + ", where nothing listens."),
        "port " + port);
  }

  /** On the network identifier. */
  static TunnelMismatch vni(int vni) {
    return new TunnelMismatch(
        "vni-mismatch",
        "the sender's packets carry another VNI",
        sends("with VNI " + vni + ", which that does not know."),
        "vni " + vni);
  }

  private static String sends(String how) {
    return "The sending node, whose agent is paused, sends the receiver VXLAN packets " + how;
  }

  @Override
  public Place place() {
    return Place.SENDER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.RECEIVER_NIC, Tap.RECEIVER_VTEP));
  }

  @Override
  public Injection injection(PairSight sight) {
    TunnelEntry entry = TunnelEntry.of(sight);
    return entry.leading(this, entry.forward().destination() + " " + option);
  }
}

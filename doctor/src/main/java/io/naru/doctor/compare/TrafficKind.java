package io.naru.doctor.compare;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a packet between two nodes is, for a comparison. */
public enum TrafficKind {
  /** A pod's packet inside a tunnel. */
  TUNNEL("tunnel"),
  /** A pod's packet as it is: direct routing. */
  POD("pods, without tunnel"),
  /** TCP between the nodes' own addresses. */
  NODE_TCP("TCP of the nodes"),
  /** UDP between the nodes' own addresses that is no tunnel. */
  NODE_UDP("UDP of the nodes"),
  /** ICMP and others between the nodes' own addresses. */
  NODE_OTHER("other of the nodes"),
  /** Parts of packets between the nodes' own addresses. */
  FRAGMENT("fragments");

  private final String text;

  TrafficKind(String text) {
    this.text = text;
  }

  /** What programs read. */
  @JsonValue
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return text;
  }
}

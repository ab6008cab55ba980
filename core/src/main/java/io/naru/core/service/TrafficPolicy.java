package io.naru.core.service;

import java.util.Locale;

/** Which backends a service's packets may go to. */
public enum TrafficPolicy {
  /** Those of all nodes. */
  CLUSTER,
  /** Those of the node that has the packet in hand. */
  LOCAL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

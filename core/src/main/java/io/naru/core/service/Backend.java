package io.naru.core.service;

import io.naru.core.address.IpAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that serves a service.
 *
 * @param address a pod's, a node's or one outside of the cluster
 * @param hostname a DNS label by which a headless service names it, if it has one
 */
public record Backend(IpAddress address, BackendState state, Optional<String> hostname) {
  public Backend {
    Objects.requireNonNull(address, "address is missing");
    state = state == null ? BackendState.READY : state;
    hostname = hostname == null ? Optional.empty() : hostname;
  }

  /** A backend that takes connections. */
  public static Backend ready(IpAddress address) {
    return new Backend(address, BackendState.READY, Optional.empty());
  }
}

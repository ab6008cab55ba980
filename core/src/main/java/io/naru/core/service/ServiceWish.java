package io.naru.core.service;

import java.util.Objects;

/**
 * A service as somebody wants it; what it leaves open the store chooses.
 *
 * @param service what it shall be. Without addresses of its own it keeps those that it has, or gets
 *     a free one of each family that services have.
 * @param headless whether it shall have no address of its own
 * @param nodePorts whether each of its ports that has none keeps the node port that it has, or gets
 *     a free one
 */
public record ServiceWish(Service service, boolean headless, boolean nodePorts) {
  public ServiceWish {
    Objects.requireNonNull(service, "service is missing");
  }

  /** A wish that leaves the address to the store, unless the service says one. */
  public static ServiceWish of(Service service) {
    return new ServiceWish(service, false, false);
  }
}

package io.naru.agent.cni;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the runtime's result says that CHECK is to find.
 *
 * @param interfaceListed whether the pod's interface is in it
 * @param addresses all that are in it
 * @param mtu of the pod's interface, where the result says it
 * @param defaultRoutes families of the default routes that are in it
 */
public record Expectation(
    boolean interfaceListed,
    List<IpAddress> addresses,
    OptionalInt mtu,
    Set<IpFamily> defaultRoutes) {
  public Expectation {
    addresses = List.copyOf(addresses);
    defaultRoutes = Set.copyOf(defaultRoutes);
  }
}

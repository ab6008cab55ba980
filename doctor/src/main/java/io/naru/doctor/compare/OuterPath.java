package io.naru.doctor.compare;

import io.naru.core.address.IpAddress;

/**
 * How a packet went over the underlay.
 *
 * @param port UDP destination port of a tunnel; 0 where the packet went as it is or in IP-in-IP
 * @param vni of a VXLAN tunnel, or −1
 */
public record OuterPath(IpAddress source, IpAddress destination, int port, int vni) {
  /** No VXLAN. */
  public static final int NO_VNI = -1;
}

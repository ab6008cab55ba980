package io.naru.core.path;

import java.util.Set;

/** UDP ports of VXLAN. */
public final class VxlanPort {
  /** IANA's (RFC 7348, section 5). */
  public static final int STANDARD = 4789;

  /** Linux' own, from before the standard (udp_port of drivers/net/vxlan/vxlan_core.c). */
  public static final int LINUX = 8472;

  /** Those that people use, and mistake for each other. */
  public static final Set<Integer> USUAL = Set.of(LINUX, STANDARD);

  private VxlanPort() {}
}

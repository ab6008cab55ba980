package io.naru.agent.install;

/**
 * What tells the programs that look after a host's network that Naru's devices are not theirs: they
 * would put addresses on them, take them down, or give the tunnel another MAC address.
 */
final class DeviceExemptions {
  static final String NETWORK_MANAGER = "/etc/NetworkManager/conf.d/10-naru.conf";
  static final String NETWORK = "/etc/systemd/network/10-naru.network";
  static final String LINK = "/etc/systemd/network/10-naru.link";
  static final String NETWORKD = "/etc/systemd/networkd.conf.d/10-naru.conf";

  private static final String HEAD =
      "# Installed by \"naru install\", removed by \"naru clean\".\n";

  private DeviceExemptions() {}

  /** NetworkManager.conf(5): appended, as another file may name devices of its own. */
  static HostFile.Text networkManager() {
    return new HostFile.Text(
        NETWORK_MANAGER,
        HEAD
            + """
            [keyfile]
            unmanaged-devices+=interface-name:naru-vxlan;interface-name:naru*
            """);
  }

  /** systemd.network(5): a device that is unmanaged gets no addresses, also no link-local ones. */
  static HostFile.Text network() {
    return new HostFile.Text(
        NETWORK,
        HEAD
            + """
            [Match]
            Name=naru*

            [Link]
            Unmanaged=yes
            """);
  }

  /**
   * systemd.link(5): udev reads it on every systemd host, also where networkd does not run. Without
   * it udev gives new devices a MAC address of its own, and peers know the tunnel by another.
   */
  static HostFile.Text link() {
    return new HostFile.Text(
        LINK,
        HEAD
            + """
            [Match]
            OriginalName=naru*

            [Link]
            MACAddressPolicy=none
            """);
  }

  /** networkd.conf(5): Naru's rules, and its direct routes on the nodes' own interface, stay. */
  static HostFile.Text networkd() {
    return new HostFile.Text(
        NETWORKD,
        HEAD
            + """
            [Network]
            ManageForeignRoutes=no
            ManageForeignRoutingPolicyRules=no
            """);
  }
}

package io.naru.lab.topology;

import java.util.stream.Collectors;

/**
 * The fabric's stateful firewall as a script for {@code nft -f}. The bridge family tracks no
 * connections on every kernel, so with bridge-nf-call-iptables=1 the IP families see the bridged
 * packets first, mark those of a known connection, and the bridge family drops what has no mark.
 */
public final class SecurityGroup {
  /** Name of its tables, one a family. */
  public static final String TABLE = "security_group";

  /** Name of the counter of packets that were refused. */
  public static final String DENIED = "denied";

  private SecurityGroup() {}

  /** The script; empty where everything is let in. */
  public static String script(Topology topology) {
    return switch (topology.spec().firewall()) {
      case OPEN -> "";
      case DEFAULT_DENY -> connections("ip") + connections("ip6") + ports(topology);
    };
  }

  private static String connections(String family) {
    return """
    table %s %s {
      chain prerouting {
        type filter hook prerouting priority -100
        ct state established,related meta mark set 1
      }
      chain output {
        type filter hook output priority -100
        meta mark set 1
      }
    }
    """
        .formatted(family, TABLE);
  }

  private static String ports(Topology topology) {
    String nodes =
        topology.nodes().stream()
            .map(node -> '"' + node.name() + '"')
            .collect(Collectors.joining(", "));
    return """
    table bridge %s {
      set nodes {
        type ifname
        elements = { %s }
      }
      counter %s { }
      chain strangers {
        type filter hook prerouting priority -300
        iifname != @nodes meta mark set 1
      }
      chain inbound {
        meta mark 1 accept
        ether type arp accept
        ip protocol icmp accept
        meta l4proto ipv6-icmp accept
        counter name %s drop
      }
      chain forward {
        type filter hook forward priority 100
        oifname @nodes jump inbound
      }
      chain output {
        type filter hook output priority 100
        oifname @nodes jump inbound
      }
    }
    """
        .formatted(TABLE, nodes, DENIED, DENIED);
  }
}

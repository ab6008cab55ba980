package io.naru.lab.fault;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.service.Protocol;
import java.util.List;
import java.util.Optional;

/**
 * What a node's kernel holds of Naru's at the moment.
 *
 * @param vtepMac of its tunnel device, if it has one
 * @param podCidrs the blocks of its pods
 * @param forwards of its tunnel device
 * @param neighbours of its tunnel device
 * @param routes Naru's to other nodes' pods
 * @param settings values of a few of its settings, by the name that sysctl knows
 * @param pods its pods
 * @param serving which of its pods services lead to
 */
public record NodeSight(
    Optional<String> vtepMac,
    List<Prefix> podCidrs,
    List<Forward> forwards,
    List<Neighbour> neighbours,
    List<Route> routes,
    java.util.Map<String, String> settings,
    List<PodLink> pods,
    List<Serving> serving) {
  /** Name of the tunnel device. */
  public static final String TUNNEL = "naru-vxlan";

  /** Whether the tunnel device drops packets whose answer would leave by another. */
  public static final String REVERSE_PATH_FILTER = "net.ipv4.conf." + TUNNEL + ".rp_filter";

  public NodeSight {
    podCidrs = List.copyOf(podCidrs);
    forwards = List.copyOf(forwards);
    neighbours = List.copyOf(neighbours);
    routes = List.copyOf(routes);
    settings = java.util.Map.copyOf(settings);
    pods = List.copyOf(pods);
    serving = List.copyOf(serving);
  }

  /** Behind which address a MAC lives. */
  public record Forward(String mac, String destination) {}

  /** Which MAC an address has. */
  public record Neighbour(String address, String mac) {}

  /**
   * @param destination whose packets it carries
   * @param text all of it, in words that {@code ip route replace} takes back
   */
  public record Route(Prefix destination, String text) {}

  /**
   * @param pod its name
   * @param mtu of its own end
   * @param hostEnd the node's end
   * @param hostEndMtu of the node's end
   */
  public record PodLink(String pod, int mtu, String hostEnd, int hostEndMtu) {}

  /**
   * @param pod its name
   * @param address where a service leads to
   */
  public record Serving(String pod, IpAddress address, Protocol protocol, int port) {}

  List<Prefix> podCidrs(IpFamily family) {
    return podCidrs.stream().filter(cidr -> cidr.family() == family).toList();
  }
}

package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.desired.NodeView;
import java.util.List;
import java.util.Optional;

/**
 * A VXLAN device and what its kernel knows for it.
 *
 * @param device its name
 * @param mac its link-layer address
 * @param vni network identifier; 0 for an external device, whose programs choose it for each packet
 * @param port UDP port
 * @param mtu in bytes; of an external device what it carries without fragments
 * @param external whether programs say where packets go (collect metadata)
 * @param local outer source address, if it is fixed
 * @param addresses its own
 * @param nic the interface that its outer packets leave by; empty where none is known
 * @param nicMtu that one's MTU
 * @param forwards its forwarding entries
 * @param neighbours on it
 * @param routes of pods' blocks that lead into it
 */
public record Tunnel(
    String device,
    MacAddress mac,
    int vni,
    int port,
    int mtu,
    boolean up,
    boolean external,
    Optional<IpAddress> local,
    List<IpAddress> addresses,
    String nic,
    int nicMtu,
    List<Forward> forwards,
    List<Neighbour> neighbours,
    List<PodRoute> routes) {
  public Tunnel {
    Bounds.name(device, "device");
    Bounds.optionalName(nic, "nic");
    Bounds.number(vni, 0, 0xffffff, "vni");
    Bounds.number(port, 0, 65535, "port");
    Bounds.number(mtu, 0, 1 << 20, "mtu");
    Bounds.number(nicMtu, 0, 1 << 20, "nicMtu");
    Bounds.present(mac, "mac");
    Bounds.present(local, "local");
    addresses = Bounds.list(addresses, "addresses");
    forwards = Bounds.list(forwards, "forwards");
    neighbours = Bounds.list(neighbours, "neighbours");
    routes = Bounds.list(routes, "routes");
  }

  /** What the tunnel adds to a packet: the outer header's family decides (RFC 7348, section 4). */
  public int overhead() {
    return NodeView.tunnelOverhead(local.map(IpAddress::family).orElse(IpFamily.IPV4));
  }

  /** To which node's address frames for a link-layer address go. */
  public record Forward(MacAddress mac, IpAddress destination) {
    public Forward {
      Bounds.present(mac, "mac");
      Bounds.present(destination, "destination");
    }
  }

  /** Which link-layer address a tunnel end has; empty as long as it is not known. */
  public record Neighbour(IpAddress address, Optional<MacAddress> mac) {
    public Neighbour {
      Bounds.present(address, "address");
      Bounds.present(mac, "mac");
    }
  }

  /**
   * A route, or what stands for one, to a block of pods.
   *
   * @param gateway the tunnel end behind which they are; for a direct route the node
   * @param node the node's address, where the entry itself says it
   * @param target an address there that should answer
   */
  public record PodRoute(
      Prefix prefix,
      Optional<IpAddress> gateway,
      Optional<IpAddress> node,
      Optional<IpAddress> target) {
    public PodRoute {
      Bounds.present(prefix, "prefix");
      Bounds.present(gateway, "gateway");
      Bounds.present(node, "node");
      Bounds.present(target, "target");
    }
  }
}

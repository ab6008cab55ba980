package io.naru.agent.kernel;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.state.KernelEntry.TunnelDevice;
import io.naru.linux.call.KernelException;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkKind;
import java.util.List;
import java.util.Optional;

/**
 * Who is in the way when the kernel refuses a VXLAN device. It refuses one whose VNI and port
 * another has when the device is made (EEXIST, vxlan_config_validate of
 * drivers/net/vxlan/vxlan_core.c), and one whose port someone else's socket has when it is set up
 * (EADDRINUSE, __vxlan_sock_add): a program's, or that of a VXLAN device with other flags.
 */
final class TunnelObstacle {
  private TunnelObstacle() {}

  /** The refusal with the one who is in the way, and what to do; else the refusal as it was. */
  static NaruException explained(KernelException refused, TunnelDevice device, List<Link> links) {
    Optional<String> sentence =
        switch (refused.errno()) {
          case EEXIST -> name(device, links).or(() -> network(device, links));
          case EADDRINUSE -> Optional.of(port(device, links).orElseGet(() -> program(device)));
          default -> Optional.empty();
        };
    return sentence
        .map(text -> new NaruException(ErrorCode.CONFLICT, text + "; Naru tries again", refused))
        .orElse(refused);
  }

  private static Optional<String> name(TunnelDevice device, List<Link> links) {
    return links.stream()
        .filter(link -> link.name().equals(device.name()))
        .map(
            link ->
                "an interface of kind "
                    + (link.kind().word().isEmpty() ? "unknown" : link.kind().word())
                    + " has the name "
                    + device.name()
                    + "; remove it with: ip link del "
                    + device.name())
        .findFirst();
  }

  private static Optional<String> network(TunnelDevice device, List<Link> links) {
    return others(device, links)
        .filter(link -> link.kind() instanceof LinkKind.Vxlan other && other.vni() == device.vni())
        .map(link -> inTheWay(link, device))
        .findFirst();
  }

  private static Optional<String> port(TunnelDevice device, List<Link> links) {
    return others(device, links).filter(Link::up).map(link -> inTheWay(link, device)).findFirst();
  }

  private static java.util.stream.Stream<Link> others(TunnelDevice device, List<Link> links) {
    return links.stream()
        .filter(link -> !link.name().equals(device.name()))
        .filter(
            link -> link.kind() instanceof LinkKind.Vxlan vxlan && vxlan.port() == device.port());
  }

  private static String inTheWay(Link link, TunnelDevice device) {
    String vni =
        link.kind() instanceof LinkKind.Vxlan other && !other.external()
            ? "VNI " + other.vni()
            : "any VNI";
    return "the VXLAN device "
        + link.name()
        + " ("
        + vni
        + ", UDP port "
        + device.port()
        + ") is in its way; stop what made it (flannel and Cilium make such devices) and type: ip"
        + " link del "
        + link.name()
        + ", or give this network another vni and vxlanPort";
  }

  private static String program(TunnelDevice device) {
    return "a program has UDP port "
        + device.port()
        + ", which this network's tunnel uses; find it with: ss -ulnp sport = :"
        + device.port()
        + ", and stop it, or give this network another vxlanPort";
  }
}

package io.naru.bench;

import java.util.List;

/**
 * What Flannel programs on two nodes with a pod each, by iproute2 and without Flannel: a bridge for
 * the pods, a route to the other node's block, and for VXLAN a device with one neighbour and one
 * forwarding entry. Both nodes are plugged into a lab's cloud.
 *
 * @param backend as Flannel names it
 * @param fabric namespace of the lab's cloud
 * @param host last byte of the first node's address in the lab's first subnet
 * @param name what its namespaces and ports begin with
 */
record FlannelLayout(Backend backend, String fabric, int host, String name) {
  FlannelLayout(Backend backend, String fabric, int host) {
    this(backend, fabric, host, backend == Backend.VXLAN ? "bench-fv" : "bench-fg");
  }

  /** How packets cross: the pods' MTU follows. */
  enum Backend {
    VXLAN(1450),
    HOST_GW(1500);

    private final int mtu;

    Backend(int mtu) {
      this.mtu = mtu;
    }
  }

  /** Makes it; it goes away with the measurement. */
  Ends up() {
    for (String namespace : List.of(node(1), node(2), pod(1), pod(2))) {
      Hosts.add(namespace);
    }
    for (int i = 1; i <= 2; i++) {
      Hosts.plug(fabric, node(i), port(i), host + i - 1);
      Command.of("sysctl", "-qw", "net.ipv4.ip_forward=1").in(node(i)).run();
    }
    for (int i = 1; i <= 2; i++) {
      Command.of("ip", "-n", node(i), "-batch", "-").run(nodeScript(i));
      Command.of("ip", "-n", pod(i), "-batch", "-").run(podScript(i));
      if (backend == Backend.VXLAN) {
        Command.of("ip", "-n", node(i), "-batch", "-").run(tunnelScript(i));
        Command.of("bridge", "-n", node(i), "-batch", "-").run(forwardingScript(i));
      }
    }
    return new Ends(pod(1), pod(2), block(2) + ".2");
  }

  private String nodeScript(int i) {
    String way =
        backend == Backend.VXLAN
            ? ""
            : "route add %s.0/24 via %s\n".formatted(block(3 - i), address(3 - i));
    return """
        link add cni0 mtu %2$d type bridge
        address add %1$s.1/24 dev cni0
        link set cni0 up
        link add veth0 mtu %2$d type veth peer name eth0 netns %3$s mtu %2$d
        link set veth0 master cni0
        link set veth0 up
        """
            .formatted(block(i), backend.mtu, pod(i))
        + way;
  }

  private String podScript(int i) {
    return """
    address add %1$s.2/24 dev eth0
    link set eth0 up
    route add default via %1$s.1
    """
        .formatted(block(i));
  }

  private String tunnelScript(int i) {
    int j = 3 - i;
    return """
    link add flannel.1 mtu %1$d address %2$s type vxlan id 1 local %3$s dev eth0 dstport 8472 nolearning
    address add %4$s.0/32 dev flannel.1
    link set flannel.1 up
    neighbour add %5$s.0 lladdr %6$s dev flannel.1 nud permanent
    route add %5$s.0/24 via %5$s.0 dev flannel.1 onlink
    """
        .formatted(backend.mtu, mac(i), address(i), block(i), block(j), mac(j));
  }

  private String forwardingScript(int i) {
    return "fdb add %s dev flannel.1 dst %s self permanent\n".formatted(mac(3 - i), address(3 - i));
  }

  String node(int i) {
    return name + "-node" + i;
  }

  private String pod(int i) {
    return name + "-pod" + i;
  }

  private String port(int i) {
    return name + i;
  }

  private String address(int i) {
    return Hosts.address(host + i - 1);
  }

  static String block(int i) {
    return "10.245." + i;
  }

  private static String mac(int i) {
    return "02:00:00:00:00:0" + i;
  }
}

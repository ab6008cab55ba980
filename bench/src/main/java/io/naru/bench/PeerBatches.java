package io.naru.bench;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The peers' entries as iproute2 writes them, Flannel's way, in a namespace of its own.
 *
 * @param entries for {@code ip -batch}
 * @param forwards for {@code bridge -batch}
 */
record PeerBatches(String entries, String forwards) {
  private static final String NAMESPACE = "bench-batches";
  private static final String DEVICE = "flannel.1";

  static PeerBatches open(List<Peer> peers) {
    Hosts.add(NAMESPACE);
    ip().run(
            """
            link add name eth0 type veth peer name wire
            link set wire up
            address add 172.20.255.1/16 dev eth0
            link set eth0 up
            """);
    return new PeerBatches(
        peers.stream().map(PeerBatches::entries).collect(Collectors.joining()),
        peers.stream().map(PeerBatches::forward).collect(Collectors.joining()));
  }

  private static String entries(Peer peer) {
    String gateway = peer.podCidr().address().toString();
    return """
        neighbour add %1$s lladdr %2$s dev %4$s nud permanent
        route add %3$s via %1$s dev %4$s onlink
        """
        .formatted(gateway, peer.vtepMac(), peer.podCidr(), DEVICE);
  }

  private static String forward(Peer peer) {
    return "fdb add %s dev %s dst %s self permanent\n"
        .formatted(peer.vtepMac(), DEVICE, peer.address());
  }

  private static Command ip() {
    return Command.of("ip", "-n", NAMESPACE, "-batch", "-");
  }

  /** Milliseconds of both programs, one after the other. */
  double program() {
    ip().run(
            """
            link add name %1$s type vxlan id 1 local 172.20.255.1 dev eth0 dstport 8472 nolearning
            address add 10.244.0.0/32 dev %1$s
            link set %1$s up
            """
                .formatted(DEVICE));
    try {
      long began = System.nanoTime();
      ip().run(entries);
      Command.of("bridge", "-n", NAMESPACE, "-batch", "-").run(forwards);
      return (System.nanoTime() - began) / 1e6;
    } finally {
      Command.of("ip", "-n", NAMESPACE, "link", "delete", DEVICE).run();
    }
  }
}

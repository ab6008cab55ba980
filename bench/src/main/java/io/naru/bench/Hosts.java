package io.naru.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/** Hosts that are plugged into a lab's cloud and are none of its nodes. */
final class Hosts {
  /** The first subnet's bridge. */
  private static final String BRIDGE = "sub0";

  private Hosts() {}

  /** Makes a network namespace; it goes away with the measurement. */
  static void add(String namespace) {
    remove(namespace);
    LeftOvers.note(() -> remove(namespace));
    Command.of("ip", "netns", "add", namespace).run();
    Command.of("ip", "-n", namespace, "link", "set", "lo", "up").run();
  }

  private static void remove(String namespace) {
    if (Files.exists(Path.of("/run/netns", namespace))) {
      Command.of("ip", "netns", "delete", namespace).run();
    }
  }

  /** Gives a namespace an interface {@code eth0} on the cloud's first subnet. */
  static void plug(String fabric, String namespace, String port, int host) {
    Command.of("ip", "-n", fabric, "-batch", "-")
        .run(
            """
            link add name %1$s mtu 1500 type veth peer name eth0 mtu 1500 netns %2$s
            link set %1$s master %3$s
            link set %1$s up
            """
                .formatted(port, namespace, BRIDGE));
    Command.of("ip", "-n", namespace, "-batch", "-")
        .run("address add %s/24 dev eth0\nlink set eth0 up\n".formatted(address(host)));
  }

  /** On the lab's first subnet; a lab's nodes have 11 and more, up to its number of nodes. */
  static String address(int host) {
    return "172.26.50." + host;
  }
}

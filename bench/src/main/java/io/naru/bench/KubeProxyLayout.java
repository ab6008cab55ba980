package io.naru.bench;

import io.naru.bench.FlannelLayout.Backend;
import java.util.List;

/**
 * Two nodes of Flannel's host-gw layout with services in kube-proxy's iptables layout, plugged into
 * a lab's cloud. The one pod at the far end has the addresses of all three backends.
 *
 * @param node the client's, where connections are translated
 * @param ends from the client to the last service
 */
record KubeProxyLayout(String node, KubeProxyRules rules, Ends ends) {
  private static final String PODS = "10.245.0.0/16";

  /**
   * Makes it, with its services.
   *
   * @param host last byte of the first node's address in the lab's first subnet
   */
  static KubeProxyLayout open(String fabric, ConnectionTimer timer, int host, int services) {
    FlannelLayout layout =
        new FlannelLayout(Backend.HOST_GW, fabric, host, "bench-kp" + services + "n");
    Ends pods = layout.up();
    String block = FlannelLayout.block(2);
    List<String> backends = List.of(pods.address(), block + ".3", block + ".4");
    for (String more : backends.subList(1, 3)) {
      Command.of("ip", "-n", pods.server(), "address", "add", more + "/24", "dev", "eth0").run();
    }
    timer.serve(pods.server(), ServiceList.TARGET, "");
    ServiceList list = new ServiceList(services, backends);
    KubeProxyLayout made =
        new KubeProxyLayout(
            layout.node(1),
            new KubeProxyRules(list, PODS),
            new Ends(pods.client(), pods.server(), list.last()));
    made.fill();
    timer.await(pods.client(), list.some(), ServiceList.PORT, "", NaruServices.LONGEST);
    return made;
  }

  /** Milliseconds until the kernel has all services, from none. */
  double fill() {
    return restore("iptables-restore", rules.all());
  }

  /** Milliseconds for one service's backends among those of the others. */
  double change(int service, List<String> backends) {
    return restore("iptables-restore --noflush", rules.change(service, backends));
  }

  /** The same rules are taken from a text; what the program itself costs is part of it. */
  private double restore(String command, String text) {
    long began = System.nanoTime();
    Command.of(command.split(" ")).in(node).run(text);
    return (System.nanoTime() - began) / 1e6;
  }

  /** Back to no service at all. */
  void empty() {
    Command.of("iptables-restore").in(node).run("*nat\nCOMMIT\n");
  }
}

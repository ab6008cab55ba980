package io.naru.e2e;

import java.util.List;

/**
 * Two nodes as Flannel leaves them, made by hand in network namespaces of their own: a bridge for
 * pods, a VXLAN device, and for the other node a neighbour, a forwarding entry and a route. A third
 * namespace, with a bridge, is the cloud between them. No Naru is on them.
 */
final class FlannelNodes implements AutoCloseable {
  private final String name;

  private FlannelNodes(String name) {
    this.name = name;
  }

  static FlannelNodes make() {
    String run =
        System.getenv().getOrDefault("NARU_TEST_RUN", Long.toString(ProcessHandle.current().pid()));
    FlannelNodes nodes = new FlannelNodes(Installation.randomName("naru-test-" + run + "-"));
    Runtime.getRuntime().addShutdownHook(new Thread(nodes::close));
    try {
      nodes.build();
      return nodes;
    } catch (AssertionError failed) {
      nodes.close();
      throw failed;
    }
  }

  String node(int number) {
    return name + "-n" + number;
  }

  private String fabric() {
    return name + "-f";
  }

  private void build() {
    for (String namespace : List.of(fabric(), node(1), node(2))) {
      Command.of("ip", "netns", "add", namespace).run();
    }
    ip(fabric(), "link add sub0 type bridge\nlink set sub0 up\n");
    for (int i = 1; i <= 2; i++) {
      ip(
          fabric(),
          "link add port%1$d type veth peer name eth0 netns %2$s\nlink set port%1$d master sub0\nlink set port%1$d up\n"
              .formatted(i, node(i)));
    }
    Command.of("ip", "netns", "exec", fabric(), "nft", "-f", "-")
        .run("table bridge cloud {\n chain forward { type filter hook forward priority 0; }\n}\n");
    for (int i = 1; i <= 2; i++) {
      Command.of(
              "ip",
              "netns",
              "exec",
              node(i),
              "sysctl",
              "-qw",
              "net.ipv4.ip_forward=1",
              "net.ipv6.conf.all.accept_dad=0")
          .run();
      ip(node(i), script(i));
      bridge(i, "add", 200 + 3 - i);
    }
  }

  private static String script(int i) {
    int j = 3 - i;
    return """
    link set lo up
    address add 172.26.50.20%1$d/24 dev eth0
    link set eth0 up
    link add cni0 mtu 1450 type bridge
    address add 10.244.%1$d.1/24 dev cni0
    link set cni0 up
    link add flannel.1 mtu 1450 address 02:00:00:00:00:0%1$d type vxlan id 1 local 172.26.50.20%1$d dev eth0 dstport 8472 nolearning
    address add 10.244.%1$d.0/32 dev flannel.1
    link set flannel.1 up
    neighbour add 10.244.%2$d.0 lladdr 02:00:00:00:00:0%2$d dev flannel.1 nud permanent
    route add 10.244.%2$d.0/24 via 10.244.%2$d.0 dev flannel.1 onlink
    """
        .formatted(i, j);
  }

  /** Changes the forwarding entry of a node for the other's tunnel end. */
  void bridge(int node, String verb, int lastByte) {
    Command.of(
            "bridge",
            "-n",
            node(node),
            "fdb",
            verb,
            "02:00:00:00:00:0" + (3 - node),
            "dev",
            "flannel.1",
            "dst",
            "172.26.50." + lastByte,
            "self",
            "permanent")
        .run();
  }

  /** Has the cloud drop what matches, until {@link #heal}. */
  void drop(String rule) {
    Command.of("ip", "netns", "exec", fabric(), "nft", "-f", "-")
        .run("add rule bridge cloud forward " + rule + " counter drop\n");
  }

  void heal() {
    Command.of(
            "ip", "netns", "exec", fabric(), "nft", "flush", "chain", "bridge", "cloud", "forward")
        .run();
  }

  /** Packets that the cloud dropped. */
  boolean dropped() {
    return !Command.of("ip", "netns", "exec", fabric(), "nft", "list", "table", "bridge", "cloud")
        .run()
        .out()
        .contains("packets 0 ");
  }

  private static void ip(String namespace, String script) {
    Command.of("ip", "-n", namespace, "-batch", "-").run(script);
  }

  @Override
  public void close() {
    for (String namespace : List.of(node(1), node(2), fabric())) {
      Command.Result _ = Command.of("ip", "netns", "delete", namespace).tryRun();
    }
  }
}

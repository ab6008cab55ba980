package io.naru.e2e;

import java.util.ArrayList;
import java.util.List;

/**
 * Two nodes as another network leaves them, made by hand in network namespaces of their own: a
 * bridge for pods with one pod, a VXLAN device, and what leads to the other node. A third
 * namespace, with a bridge, is the cloud between them. No Naru is on them.
 */
final class PeerNodes implements AutoCloseable {
  /** Whose network it looks like. */
  enum Kind {
    FLANNEL("flannel.1", 8472, 4, 1450),
    FLANNEL_IPV6("flannel-v6.1", 8472, 6, 1430),
    CILIUM("cilium_vxlan", 8472, 4, 1450),
    KERNEL("vx7", 4789, 4, 1450),
    KERNEL_IPV6("vx7", 4789, 6, 1430);

    final String device;
    final int port;
    final int family;
    final int mtu;

    Kind(String device, int port, int family, int mtu) {
      this.device = device;
      this.port = port;
      this.family = family;
      this.mtu = mtu;
    }

    String address(int node) {
      return family == 4 ? "172.26.50.20" + node : "fd26:50::20" + node;
    }

    /** An address in the block of a node's pods. */
    String inside(int node, int last) {
      return family == 4
          ? "10.244." + node + "." + last
          : "fd44:0:0:" + node + "::" + (last == 0 ? "" : last);
    }

    private String fill(String text, int i) {
      int j = 3 - i;
      return text.replace("DEVICE", device)
          .replace("PORT", String.valueOf(port))
          .replace("MTU", String.valueOf(mtu))
          .replace("LOCAL", address(i))
          .replace("REMOTE", address(j))
          .replace("ON_SUBNET", family == 4 ? "/24" : "/64 nodad")
          .replace("IN_BLOCK", family == 4 ? "/24" : "/64")
          .replace("GATEWAY", inside(i, 1))
          .replace("OWN_END", inside(i, 0) + (family == 4 ? "/32" : "/128"))
          .replace("OTHER_END", inside(j, 0))
          .replace("POD", inside(i, 10))
          .replace("NODAD", family == 4 ? "" : "nodad")
          .replace("MAC_HERE", "02:00:00:00:00:0" + i)
          .replace("MAC_THERE", "02:00:00:00:00:0" + j);
    }
  }

  private static final String PLUG =
      """
      link set lo up
      link set eth0 up
      address add LOCALON_SUBNET dev eth0
      link add cni0 mtu MTU type bridge forward_delay 0
      address add GATEWAYIN_BLOCK dev cni0 NODAD
      link set cni0 up
      """;

  /** Entries as flannel and people make them. */
  private static final String TUNNEL =
      """
      link add DEVICE mtu MTU address MAC_HERE type vxlan id 1 local LOCAL dev eth0 dstport PORT nolearning
      address add OWN_END dev DEVICE NODAD
      link set DEVICE up
      neighbour add OTHER_END lladdr MAC_THERE dev DEVICE nud permanent
      route add OTHER_ENDIN_BLOCK via OTHER_END dev DEVICE onlink
      """;

  /** Cilium's programs choose the other end; a route does as well. */
  private static final String EXTERNAL =
      """
      link add DEVICE mtu 1500 address MAC_HERE type vxlan external dstport PORT
      link set DEVICE up
      neighbour add OTHER_END lladdr MAC_THERE dev DEVICE nud permanent
      route add OTHER_END/24 encap ip id 1 dst REMOTE via OTHER_END dev DEVICE onlink src GATEWAY
      """;

  private static final String PLUG_POD =
      """
      link add veth0 mtu MTU type veth peer name eth0 mtu MTU netns %s
      link set veth0 master cni0
      link set veth0 up
      """;

  private static final String POD =
      """
      link set lo up
      link set eth0 up
      address add PODIN_BLOCK dev eth0 NODAD
      route add default via GATEWAY
      """;

  private final Kind kind;
  private final String name;

  private PeerNodes(Kind kind, String name) {
    this.kind = kind;
    this.name = name;
  }

  static PeerNodes make(Kind kind) {
    String run =
        System.getenv().getOrDefault("NARU_TEST_RUN", Long.toString(ProcessHandle.current().pid()));
    PeerNodes nodes = new PeerNodes(kind, Installation.randomName("naru-test-" + run + "-"));
    Runtime.getRuntime().addShutdownHook(new Thread(nodes::close));
    try {
      nodes.build();
      return nodes;
    } catch (AssertionError failed) {
      nodes.close();
      throw failed;
    }
  }

  Kind kind() {
    return kind;
  }

  String node(int number) {
    return name + "-n" + number;
  }

  /** The namespace of the node's only pod. */
  String pod(int number) {
    return name + "-p" + number;
  }

  private String fabric() {
    return name + "-f";
  }

  private List<String> namespaces() {
    return List.of(pod(1), pod(2), node(1), node(2), fabric());
  }

  private void build() {
    for (String namespace : namespaces()) {
      Command.of("ip", "netns", "add", namespace).run();
    }
    ip(fabric(), "link add sub0 type bridge\nlink set sub0 up\n");
    in(fabric(), "nft", "-f", "-")
        .run("table bridge cloud {\n chain forward { type filter hook forward priority 0; }\n}\n");
    for (int i = 1; i <= 2; i++) {
      ip(
          fabric(),
          "link add port%1$d type veth peer name eth0 netns %2$s\nlink set port%1$d master sub0\nlink set port%1$d up\n"
              .formatted(i, node(i)));
      in(
              node(i),
              "sysctl",
              "-qw",
              "net.ipv4.ip_forward=1",
              "net.ipv6.conf.all.forwarding=1",
              "net.ipv6.conf.all.accept_dad=0",
              "net.ipv6.conf.default.accept_dad=0")
          .run();
      boolean external = kind == Kind.CILIUM;
      ip(node(i), kind.fill(PLUG + (external ? EXTERNAL : TUNNEL), i));
      ip(node(i), kind.fill(PLUG_POD, i).formatted(pod(i)));
      ip(pod(i), kind.fill(POD, i));
      if (!external) {
        forward(i, "add", kind.address(3 - i));
      }
    }
  }

  /** Changes the forwarding entry of a node for the other's tunnel end. */
  void forward(int node, String verb, String destination) {
    Command.of(
            "bridge",
            "-n",
            node(node),
            "fdb",
            verb,
            "02:00:00:00:00:0" + (3 - node),
            "dev",
            kind.device,
            "dst",
            destination,
            "self",
            "permanent")
        .run();
  }

  /** Runs a script of ip(8) on a node, where some words stand for this kind's own. */
  void ip(int node, String script) {
    ip(node(node), kind.fill(script, node));
  }

  /** The same in the node's pod. */
  void ipInPod(int node, String script) {
    ip(pod(node), kind.fill(script, node));
  }

  /** Has a node's packet filter hold this table, until {@link #heal}. */
  void filter(int node, String table) {
    in(node(node), "nft", "-f", "-").run("table inet own {\n" + table + "\n}\n");
  }

  /** Has the cloud drop what matches, until {@link #heal}. */
  void drop(String rule) {
    in(fabric(), "nft", "-f", "-").run("add rule bridge cloud forward " + rule + " counter drop\n");
  }

  void heal() {
    in(fabric(), "nft", "flush", "chain", "bridge", "cloud", "forward").run();
    for (int i = 1; i <= 2; i++) {
      in(node(i), "nft", "-f", "-").run("table inet own {}\ndelete table inet own\n");
    }
  }

  /** Packets that the cloud dropped. */
  boolean dropped() {
    return !in(fabric(), "nft", "list", "table", "bridge", "cloud")
        .run()
        .out()
        .contains("packets 0 ");
  }

  /** A command in one of the namespaces. */
  static Command in(String namespace, String... words) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    command.addAll(List.of(words));
    return Command.of(command);
  }

  private static void ip(String namespace, String script) {
    Command.of("ip", "-n", namespace, "-batch", "-").run(script);
  }

  @Override
  public void close() {
    for (String namespace : namespaces()) {
      Command.Result _ = Command.of("ip", "netns", "delete", namespace).tryRun();
    }
  }
}

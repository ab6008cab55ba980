package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * A host with a kernel tunnel end point that iproute2 alone made, in the layout that flannel's
 * vxlan backend leaves on a node: a bridge for the pods, a VXLAN device without learning, and for
 * each peer a neighbour, a forwarding entry and a route through the peer's end of the tunnel. It is
 * plugged into a bridge of a lab's fabric; closing it pulls it out.
 */
final class ForeignHost implements AutoCloseable {
  static final String MAC = "02:00:5e:10:00:05";
  static final List<String> POD_CIDRS = List.of("10.244.200.0/24", "fd44:0:0:c8::/64");
  static final List<String> PODS = List.of("10.244.200.10", "fd44:0:0:c8::10");

  private final TestLab lab;
  private final String host;
  private final String pod;
  private final String port;

  private ForeignHost(TestLab lab, String name) {
    this.lab = lab;
    this.host = name + "-foreign";
    this.pod = name + "-foreignpod";
    this.port = "foreign";
  }

  /** Plugs the host in, with its bridge and one pod, and without any peer. */
  static ForeignHost in(TestLab lab, boolean ipv6Tunnel) {
    ForeignHost made = new ForeignHost(lab, lab.name());
    Runtime.getRuntime().addShutdownHook(new Thread(made::close));
    Command.of("bash", "-euc", made.plug() + made.tunnel(ipv6Tunnel) + made.pods()).run();
    return made;
  }

  static String address(boolean ipv6) {
    return ipv6 ? "fd26:50::5" : "172.26.50.5";
  }

  private String plug() {
    return """
    ip netns add HOST
    ip netns exec HOST sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
      net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
    ip -n FABRIC link add PORT type veth peer name eth0 netns HOST
    ip -n FABRIC link set PORT master sub0 up
    ip -n HOST link set lo up
    ip -n HOST link set eth0 up
    ip -n HOST addr add 172.26.50.5/24 dev eth0
    ip -n HOST addr add fd26:50::5/64 dev eth0 nodad
    ip -n HOST route add default via 172.26.50.1
    ip -n HOST route add default via fd26:50::1
    """
        .replace("HOST", host)
        .replace("PORT", port)
        .replace("FABRIC", lab.name() + "-fabric");
  }

  private String tunnel(boolean ipv6) {
    return """
    ip -n HOST link add flannel.1 address MAC mtu MTU type vxlan id 1 dev eth0 local LOCAL \
      dstport 8472 nolearning
    ip -n HOST addr add 10.244.200.0/32 dev flannel.1
    ip -n HOST addr add fd44:0:0:c8::/128 dev flannel.1 nodad
    ip -n HOST link set flannel.1 up
    """
        .replace("HOST", host)
        .replace("MAC", MAC)
        .replace("MTU", ipv6 ? "1430" : "1450")
        .replace("LOCAL", address(ipv6));
  }

  private String pods() {
    return """
    ip -n HOST link add cni0 mtu 1430 type bridge forward_delay 0
    ip -n HOST addr add 10.244.200.1/24 dev cni0
    ip -n HOST addr add fd44:0:0:c8::1/64 dev cni0 nodad
    ip -n HOST link set cni0 up
    ip netns add POD
    ip netns exec POD sysctl -q -w net.ipv6.conf.default.accept_dad=0
    ip -n HOST link add pod0 mtu 1430 type veth peer name eth0 mtu 1430 netns POD
    ip -n HOST link set pod0 master cni0 up
    ip -n POD link set lo up
    ip -n POD link set eth0 up
    ip -n POD addr add 10.244.200.10/24 dev eth0
    ip -n POD addr add fd44:0:0:c8::10/64 dev eth0 nodad
    ip -n POD route add default via 10.244.200.1
    ip -n POD route add default via fd44:0:0:c8::1
    """
        .replace("HOST", host)
        .replace("POD", pod);
  }

  /** Types on the host what a Naru node printed for it. */
  void type(String commands) {
    Command.of(List.of("ip", "netns", "exec", host, "bash", "-eu")).run(commands);
  }

  /** Ping, TCP and UDP both ways between a pod of the lab and this host's, in one family. */
  void assertTalksWith(String labPod, int family) {
    String here = lab.addresses(labPod).get(family);
    String there = PODS.get(family);
    assertThat(lab.pings(labPod, there)).as("%s pings %s", labPod, there).isTrue();
    assertThat(exec(Traffic.ping(here)).succeeded()).as("%s pings %s", there, here).isTrue();
    assertThat(lab.output(labPod, Traffic.send(there))).endsWith("\n" + Traffic.MEBIBYTE);
    assertThat(output(Traffic.send(here))).endsWith("\n" + Traffic.MEBIBYTE);
    assertThat(lab.output(labPod, Traffic.askEcho(there))).isEqualTo(Traffic.ECHOED);
    assertThat(output(Traffic.askEcho(here))).isEqualTo(Traffic.ECHOED);
  }

  /** TCP and UDP servers, of both families, for {@link #assertTalksWith}. */
  static String servers() {
    String tcp = Traffic.server(true).replace("TCP6-LISTEN:5000", "TCP6-LISTEN:5000,ipv6only=0");
    return "(" + tcp + ") && (" + Traffic.echo() + ")";
  }

  /** Runs a shell's text in the pod on this host. */
  Command.Result exec(String script) {
    return Command.of("ip", "netns", "exec", pod, "bash", "-c", script).tryRun();
  }

  String output(String script) {
    Command.Result result = exec(script);
    if (!result.succeeded()) {
      throw new AssertionError(result.told());
    }
    return result.out().strip();
  }

  @Override
  public synchronized void close() {
    for (String namespace : List.of(pod, host)) {
      Command.of("bash", "-c", "ip netns pids " + namespace + " | xargs -r kill -9").tryRun();
      Command.of("ip", "netns", "delete", namespace).tryRun();
    }
  }
}

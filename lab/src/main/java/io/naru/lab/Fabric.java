package io.naru.lab;

import io.naru.lab.process.Program;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.NetworkScript;
import io.naru.lab.topology.SecurityGroup;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/** The cloud between the nodes, and the world behind it. */
final class Fabric {
  private Fabric() {}

  /** Makes all namespaces of the lab but the pods', and everything in the fabric and the world. */
  static void create(Topology topology) {
    Namespaces.add(topology.namespaces());
    String fabric = topology.fabricNamespace();
    settings(topology);
    Namespaces.configure(fabric, NetworkScript.fabric(topology));
    String securityGroup = SecurityGroup.script(topology);
    if (!securityGroup.isEmpty()) {
      Namespaces.inside(fabric, "nft", "-f", "-").run(securityGroup);
    }
    Namespaces.configure(topology.worldNamespace(), NetworkScript.world(topology));
  }

  private static void settings(Topology topology) {
    boolean filtered = topology.spec().firewall() == FirewallPolicy.DEFAULT_DENY;
    sysctl(
        topology.fabricNamespace(),
        // Without br_netfilter nothing hands bridged packets to the IP families anyway.
        filtered ? List.of() : List.of("-e"),
        List.of(
            "net.ipv4.ip_forward=1",
            "net.ipv6.conf.all.forwarding=1",
            "net.ipv4.conf.all.send_redirects=0",
            "net.ipv4.conf.default.send_redirects=0",
            "net.ipv4.conf.all.rp_filter=0",
            "net.ipv4.conf.default.rp_filter=0",
            "net.bridge.bridge-nf-call-iptables=" + (filtered ? 1 : 0),
            "net.bridge.bridge-nf-call-ip6tables=" + (filtered ? 1 : 0)));
    // While a link-local address is being checked for duplicates, its router finds no neighbours:
    // a real cloud has been up for longer than its nodes.
    for (String namespace : List.of(topology.fabricNamespace(), topology.worldNamespace())) {
      sysctl(
          namespace,
          List.of(),
          List.of("net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0"));
    }
  }

  private static void sysctl(String namespace, List<String> options, List<String> settings) {
    List<String> words = new ArrayList<>(Namespaces.enter(namespace));
    words.addAll(List.of("sysctl", "-q"));
    words.addAll(options);
    words.add("-w");
    words.addAll(settings);
    Program.of(words).run();
  }
}

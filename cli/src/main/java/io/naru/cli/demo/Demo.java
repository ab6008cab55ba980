package io.naru.cli.demo;

import io.naru.api.PathRow;
import io.naru.lab.Lab;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabSpec;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Predicate;

/**
 * Tells both incidents that Naru comes from, on a lab of its own that is gone afterwards. Every
 * claim is checked: a demo that does not show what it says fails.
 */
public final class Demo {
  private static final String LAB = "naru-demo";

  private final Stage stage;
  private final DemoLab demo;

  public Demo(PrintWriter out, boolean fast) {
    this.stage = new Stage(out, fast, LAB);
    this.demo = new DemoLab(out, stage, LAB);
  }

  /** Plays the whole story and cleans up, also after a failure or an interrupt. */
  public void play() {
    demo.during(
        () -> {
          cluster();
          traffic();
          firstIncident();
          secondIncident();
          stage.chapter("The end");
        });
    stage.say(
        """
        The demo's lab is gone: no namespace, process or file of it is left on this host.
        With real DNS:  bin/naru demo incident-dns   and   bin/naru demo incident-worker
        Make your own:  bin/naru lab up --nodes 3 --subnets 2 --transport auto
        and break it:   bin/naru lab faults""");
  }

  private void cluster() {
    stage.chapter("A cluster");
    stage.say(
        """
        Three nodes, made of network namespaces on this machine. Between them lies a cloud: two
        subnets, a router, and a stateful security group. On each node runs a real Naru agent.""");
    demo.up(new LabSpec(LAB, 3, 2, false, "auto", "auto", FirewallPolicy.OPEN));
    Lab lab = demo.lab();
    stage.mustRun("node list");
    stage.say(
        """
        node1 and node3 share a subnet: their pods' packets are routed plainly. node2 is in another
        one: packets to its pods travel in VXLAN, over UDP port 8472. Naru chose that by itself.""");
    stage.say("Four pods, each attached by the CNI plugin, as a container runtime would do it:");
    for (String pod : List.of("notebook node1", "dns-a node1", "dns-b node2", "web node3")) {
      String[] words = pod.split(" ", -1);
      lab.runPod(words[0], words[1]);
    }
    stage.mustRun("pod list");
  }

  private void traffic() {
    stage.chapter("Traffic");
    stage.say("From node1 to node2, through the tunnel:");
    stage.mustRun("lab exec notebook -- ping -c 3 -i 0.2 -W 1 " + demo.address("dns-b"));
    stage.mustRun("lab exec node1 -- ip route get " + demo.address("dns-b"));
    stage.say("From node1 to node3, by direct routing: no tunnel, the pod's packet itself.");
    stage.mustRun("lab exec notebook -- ping -c 3 -i 0.2 -W 1 " + demo.address("web"));
    stage.mustRun("lab exec node1 -- ip route get " + demo.address("web"));
    stage.say(
        """
        Every agent proves every path all the time, each direction by itself, with small packets and
        with packets of full size:""");
    stage.await("all paths are proved", paths -> paths.size() == 6 && count(paths, "healthy") == 6);
    stage.mustRun("path list");
  }

  private void firstIncident() {
    stage.chapter("The first incident: DNS answers every other time");
    stage.say(
        """
        A cluster on EC2. Two DNS pods, one on each node, behind one service. The security group
        drops UDP 8472 between the nodes:""");
    stage.mustRun("lab break underlay-port-blocked --from node1 --to node2");
    stage.say(
        "A service asks the DNS pods in turn. dns-a is on the same node, dns-b on the other:");
    stage.mustRun("lab exec notebook -- ping -c 1 -W 1 -q " + demo.address("dns-a"));
    stage.mustFail("lab exec notebook -- ping -c 1 -W 1 -q " + demo.address("dns-b"));
    stage.mustRun("lab exec notebook -- ping -c 1 -W 1 -q " + demo.address("dns-a"));
    stage.mustFail("lab exec notebook -- ping -c 1 -W 1 -q " + demo.address("dns-b"));
    stage.say(
        """
        Half of the answers are missing. People looked at services, endpoints and tunnel tables, and
        everything was right. It is here, too:""");
    stage.mustRun("tunnel list");
    stage.say("Only tcpdump at both ends showed the packets leave and not arrive. Naru says it:");
    stage.await(
        "node1 → node2 is reported as broken",
        paths -> is(paths, "node1", "node2", "broken", "node1/nic", "node2/nic"));
    stage.mustRun("path list");
    stage.say("Which hop, why, and what to type? Both ends look closely for a few seconds:");
    stage.mustFail("doctor");
    stage.say("And so the cloud counts, which it never told anybody:");
    stage.mustRun("lab status");
    demo.requireHits("underlay-port-blocked");
    stage.say(
        """
        The packets leave node1's interface and do not reach node2's: something between the nodes
        drops them. node1 and node3 share a subnet, so their path needs no UDP and goes on:""");
    stage.mustRun("lab exec notebook -- ping -c 1 -W 1 -q " + demo.address("web"));
    stage.say("The cure: open UDP 8472 in the security group.");
    stage.mustRun("lab heal underlay-port-blocked");
    stage.await("the path is healthy again", paths -> count(paths, "healthy") == 6);
    stage.mustRun("lab exec notebook -- ping -c 1 -W 1 -q " + demo.address("dns-b"));
  }

  private void secondIncident() {
    stage.chapter("The second incident: a worker whose pods reach nothing");
    stage.say(
        """
        A K3s worker joins, node2. Nobody opened UDP between it and the others. Its pods start, and
        then fail with errors about credentials, because names cannot be resolved: the DNS pod is on
        another node. It took a day to find.""");
    stage.mustRun("lab break underlay-all-udp-blocked --from node2");
    stage.mustRun("lab break underlay-all-udp-blocked --to node2");
    stage.say("The worker's pod reaches the world, so the network seems to work …");
    stage.mustRun("lab exec dns-b -- ping -c 1 -W 1 -q 198.51.100.10");
    stage.say("… but not the cluster's DNS:");
    stage.mustFail("lab exec dns-b -- ping -c 1 -W 1 -q " + demo.address("dns-a"));
    stage.await(
        "both directions are reported as broken",
        paths ->
            is(paths, "node1", "node2", "broken", "node1/nic", "node2/nic")
                && is(paths, "node2", "node1", "broken", "node2/nic", "node1/nic"));
    stage.mustRun("path list");
    stage.mustFail("doctor");
    demo.requireHits("underlay-all-udp-blocked");
    stage.say("Again the cure is one line in the security group:");
    stage.mustRun("lab heal");
    stage.await("all paths are healthy again", paths -> count(paths, "healthy") == 6);
    stage.mustRun("lab exec dns-b -- ping -c 1 -W 1 -q " + demo.address("dns-a"));
  }

  private static long count(List<PathRow> paths, String state) {
    return paths.stream().filter(path -> path.state().equals(state)).count();
  }

  private static boolean is(
      List<PathRow> paths, String from, String to, String state, String last, String notSeen) {
    Predicate<PathRow> wanted =
        path ->
            path.from().equals(from)
                && path.to().equals(to)
                && path.state().equals(state)
                && path.lastSeen().filter(last::equals).isPresent()
                && path.notSeen().filter(notSeen::equals).isPresent();
    return paths.stream().anyMatch(wanted);
  }
}

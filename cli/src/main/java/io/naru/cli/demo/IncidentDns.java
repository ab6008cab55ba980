package io.naru.cli.demo;

import io.naru.lab.Lab;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabSpec;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The first incident as it was: real DNS servers behind one service, real queries, and half of them
 * lost. Then the same cluster and the same closed port with what Naru does about it.
 */
public final class IncidentDns {
  private static final String LAB = "naru-demo-dns";
  private static final String NAME = "kibana.default.svc.cluster.local";
  private static final String KIBANA = "10.96.0.80";
  private static final String DNS = "10.96.0.10";

  private static final int MANY = 20;
  private static final int SOME = 5;

  private final Stage stage;
  private final DemoLab demo;

  public IncidentDns(PrintWriter out, boolean fast) {
    this.stage = new Stage(out, fast, LAB);
    this.demo = new DemoLab(out, stage, LAB);
  }

  /** Plays the whole story and cleans up, also after a failure or an interrupt. */
  public void play() {
    demo.during(
        () -> {
          allIsWell();
          halfIsLost();
          whoseTrouble();
          demo.down();
          pathsThatAreKnown();
          namesOfTheNode();
        });
    stage.chapter("The end");
    stage.say(
        """
        The port is still closed in this story, and should be opened: the doctor says how. But no
        look-up depended on it. The demo's lab is gone, nothing of it is left on this host.""");
  }

  private void cluster(boolean avoidBrokenPaths) {
    demo.up(
        new LabSpec(LAB, 2, 2, false, "auto", "auto", FirewallPolicy.OPEN)
            .with(Map.of("avoidBrokenPaths", avoidBrokenPaths)));
    Lab lab = demo.lab();
    lab.runPod("notebook", "node1");
    lab.runPod("kibana", "node1");
    lab.runPod("dns-a", "node1");
    lab.runPod("dns-b", "node2");
    for (String pod : List.of("dns-a", "dns-b")) {
      Background.nameServer(lab, pod, List.of("--host-record=" + NAME + "," + KIBANA));
    }
  }

  private void services() {
    stage.mustRun(
        "service add kube-system/dns --cluster-ip "
            + DNS
            + " --port udp:53/udp --port tcp:53/tcp --backend pod:dns-a --backend pod:dns-b");
    stage.mustRun(
        "service add kibana --cluster-ip " + KIBANA + " --port 5601 --backend pod:kibana");
    stage.awaitAnswered(of("dns-a"), 1);
    stage.awaitAnswered(of("dns-b"), 1);
  }

  private Queries of(String pod) {
    return by(demo.address(pod));
  }

  private static Queries by(String server) {
    return new Queries("notebook", Optional.of(server), NAME, KIBANA);
  }

  private void allIsWell() {
    stage.chapter("A cluster with two DNS pods");
    stage.say(
        """
        Two nodes in two subnets, so pods' packets travel between them in VXLAN, over UDP port 8472.
        On each node a DNS pod (dnsmasq), both behind one service. A notebook on node1 asks it.
        This lab has avoidBrokenPaths off: services choose backends as they did in the incident.""");
    cluster(false);
    stage.mustRun("pod list");
    services();
    stage.awaitHealthy();
    stage.mustAnswer(by(DNS), 10, 10, 10);
  }

  private void halfIsLost() {
    stage.chapter("Now the cloud drops UDP 8472 from node1 to node2");
    stage.mustRun("lab break underlay-port-blocked --from node1 --to node2");
    stage.say("Somebody reports: DNS is flaky. The same query through the service, many times:");
    stage.mustAnswer(by(DNS), MANY, MANY / 5, MANY - MANY / 5);
    stage.say("Each DNS pod by itself. dns-a always answers, dns-b never, and they are the same:");
    stage.mustAnswer(of("dns-a"), SOME, SOME, SOME);
    stage.mustAnswer(of("dns-b"), SOME, 0, 0);
    stage.say(
        """
        People looked at services, backends and tunnel tables, and found everything right. It is
        right here, too, but for one column that their tools did not have: PATH.""");
    stage.awaitBroken("node1", "node2");
    stage.mustRun("service list");
    stage.mustRun("tunnel list");
  }

  private void whoseTrouble() {
    stage.chapter("Is it DNS?");
    stage.say("The doctor, started from what was reported. It tries each backend from each node:");
    stage.mustFail("doctor --service dns", "NARU-UNDERLAY-PORT-BLOCKED", "innocent");
    demo.requireHits("underlay-port-blocked");
    stage.say("Closed in the other direction as well, it is the same: now answers are lost, too.");
    stage.mustRun("lab break underlay-port-blocked --from node2 --to node1");
    stage.awaitBroken("node2", "node1");
    stage.mustAnswer(by(DNS), MANY, MANY / 5, MANY - MANY / 5);
  }

  private void pathsThatAreKnown() {
    stage.chapter("The same with Naru's own choice of backends");
    stage.say(
        """
        The same cluster, made anew as it is by default (avoidBrokenPaths: true), and the same port
        closed both ways. Agents know which paths are broken, and services go around them:""");
    cluster(true);
    services();
    stage.awaitHealthy();
    stage.mustRun("lab break underlay-port-blocked");
    stage.awaitBroken("node1", "node2");
    stage.awaitAnswered(by(DNS), SOME);
    stage.mustAnswer(by(DNS), MANY, MANY, MANY);
    stage.say("The other DNS pod is as unreachable as before:");
    stage.mustAnswer(of("dns-b"), SOME, 0, 0);
  }

  private void namesOfTheNode() {
    stage.chapter("The same with names answered on the node itself");
    stage.say("A pod that asks the name server which the network hands its pods:");
    stage.mustRun("lab pod run reader --node node1 --dns");
    stage.mustRun("lab exec reader -- cat /etc/resolv.conf");
    stage.say(
        """
        That address is the agent of its own node. It answers from its copy of the cluster's services, with
        no DNS pod at all. Packets to port 53 that leave node1 are counted meanwhile:""");
    var leaving = new LeavingPackets(demo.lab(), "node1");
    leaving.start();
    stage.mustAnswer(new Queries("reader", Optional.empty(), NAME, KIBANA), MANY, MANY, MANY);
    stage.mustCount("packets to port 53 that left node1", leaving.count(), count -> count == 0);
    stage.mustAnswer(of("dns-b"), 1, 0, 0);
    stage.mustCount("after that query to dns-b", leaving.count(), count -> count > 0);
  }
}

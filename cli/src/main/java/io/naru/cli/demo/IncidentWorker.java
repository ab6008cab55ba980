package io.naru.cli.demo;

import io.naru.lab.Lab;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabSpec;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The second incident as it was: an application on a new worker that cannot find its credentials.
 */
public final class IncidentWorker {
  private static final String LAB = "naru-demo-worker";
  private static final String DNS = "10.96.0.10";
  private static final String HOST = "credentials.example";
  private static final String FETCH = " -- curl -sS --max-time 20 http://" + HOST + "/";

  private final Stage stage;
  private final DemoLab demo;

  public IncidentWorker(PrintWriter out, boolean fast) {
    this.stage = new Stage(out, fast, LAB);
    this.demo = new DemoLab(out, stage, LAB);
  }

  /** Plays the whole story and cleans up, also after a failure or an interrupt. */
  public void play() {
    demo.during(
        () -> {
          cluster();
          errorThatMisleads();
          why();
          cures();
        });
    stage.chapter("The end");
    stage.say("The demo's lab is gone, nothing of it is left on this host.");
  }

  private void cluster() {
    stage.chapter("A cluster, and a new worker");
    stage.say(
        """
        node1 has the cluster's DNS pod (dnsmasq) behind a service. node2 is the new worker. Beyond
        both, in the world, a web server keeps credentials, and a name server knows its name.""");
    demo.up(
        new LabSpec(LAB, 2, 2, false, "auto", "auto", FirewallPolicy.OPEN)
            .with(Map.of("dnsUpstreams", List.of(Background.WORLD))));
    Lab lab = demo.lab();
    Background.nameServer(lab, "world", List.of("--host-record=" + HOST + "," + Background.WORLD));
    Background.webServer(lab);
    lab.runPod("dns", "node1");
    Background.nameServer(lab, "dns", List.of("--server=" + Background.WORLD));
    stage.mustRun(
        "service add kube-system/dns --cluster-ip "
            + DNS
            + " --port udp:53/udp --port tcp:53/tcp --backend pod:dns");
    stage.say("An application on each node. Both ask the DNS service for names:");
    for (String pod : List.of("app-1 --node node1", "app-2 --node node2")) {
      stage.mustRun("lab pod run " + pod + " --dns-server " + DNS + " --dns-option timeout:1");
    }
    stage.awaitHealthy();
    stage.awaitAnswered(new Queries("app-2", Optional.of(DNS), HOST, Background.WORLD), 1);
    stage.awaitCommand("app-2", List.of("curl", "-sSf", "http://" + Background.WORLD + "/"));
    stage.mustRun("lab exec app-2" + FETCH);
  }

  private void errorThatMisleads() {
    stage.chapter("Nobody opened UDP between the worker and the others");
    stage.mustRun("lab break underlay-all-udp-blocked --from node2");
    stage.mustRun("lab break underlay-all-udp-blocked --to node2");
    stage.say("On node1 the application gets its credentials. On the worker it does not:");
    stage.mustRun("lab exec app-1" + FETCH);
    stage.mustFail("lab exec app-2" + FETCH);
    stage.say(
        """
        It says nothing of a network. People looked for wrong credentials and for a wrong name, for
        a day. The worker does reach the web server, by its address …""");
    stage.mustRun("lab exec app-2 -- curl -sS --max-time 20 http://" + Background.WORLD + "/");
    stage.say("… but no pod on another node, and so no name:");
    stage.mustFail("lab exec app-2 -- ping -c 1 -W 1 -q " + demo.address("dns"));
    stage.mustAnswer(new Queries("app-2", Optional.of(DNS), HOST, Background.WORLD), 5, 0, 0);
  }

  private void why() {
    stage.chapter("Why?");
    stage.awaitBroken("node1", "node2");
    stage.awaitBroken("node2", "node1");
    stage.mustFail("doctor --service dns", "NARU-UNDERLAY-ALL-UDP-BLOCKED", "innocent");
    demo.requireHits("underlay-all-udp-blocked");
  }

  private void cures() {
    stage.chapter("Two cures");
    stage.say(
        """
        Names answered on the node itself: what the cluster does not know, the worker's own agent
        asks of a name server that the worker reaches (dnsUpstreams). The port is still closed:""");
    stage.mustRun("lab pod run app-3 --node node2 --dns");
    stage.mustRun("lab exec app-3" + FETCH);
    stage.mustFail("lab exec app-3 -- ping -c 1 -W 1 -q " + demo.address("dns"));
    stage.say("And what was wrong, put right: UDP is opened in the security group.");
    stage.mustRun("lab heal");
    stage.awaitHealthy();
    stage.mustRun("lab exec app-2" + FETCH);
  }
}

package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.fault.NodeSight.PodLink;
import java.util.List;

/** Pods that think the tunnel costs nothing. */
public record MtuPodTooBig() implements ScriptedFault {
  private static final int MTU = 1500;

  @Override
  public String id() {
    return "mtu-pod-too-big";
  }

  @Override
  public String title() {
    return "the pods' MTU does not fit the tunnel";
  }

  @Override
  public String description() {
    return "The pods of both nodes have an MTU of 1500, and the sending node's firewall drops what would tell"
        + " them; their large packets end at the sending node. Both agents are paused.";
  }

  @Override
  public Place place() {
    return Place.PODS;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.degraded(Way.THERE, Tap.SENDER_VETH, Tap.SENDER_VTEP).ofWholeNode());
  }

  @Override
  public Injection injection(PairSight sight) {
    List<String> silence =
        List.of(
            "icmp type destination-unreachable icmp code frag-needed counter drop",
            "icmpv6 type packet-too-big counter drop");
    Injection injection =
        Injection.of(sight.table(this, sight.from().name(), "inet", "output priority 0", silence));
    // Both ends, or the receiver would ask for segments that fit.
    return injection
        .and(links(sight.from().name(), sight.sender()))
        .and(links(sight.to().name(), sight.receiver()));
  }

  private static Injection links(String node, NodeSight sight) {
    Injection injection = Injection.nothing().pausing(node);
    for (PodLink pod : sight.pods()) {
      injection =
          injection
              .altering(pod.pod() + " mtu")
              .and(mtu(node, pod.hostEnd(), MTU), mtu(node, pod.hostEnd(), pod.hostEndMtu()))
              .and(mtu(pod.pod(), "eth0", MTU), mtu(pod.pod(), "eth0", pod.mtu()));
    }
    return injection;
  }

  private static Step mtu(String target, String link, int mtu) {
    return Step.ip(target, "link set " + link + " mtu " + mtu);
  }
}

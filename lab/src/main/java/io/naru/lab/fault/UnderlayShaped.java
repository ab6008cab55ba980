package io.naru.lab.fault;

import io.naru.core.address.IpFamily;
import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A shaper on the underlay. */
public record UnderlayShaped() implements ScriptedFault {
  private static final String RATE = "2mbit";
  private static final String CLASS = "1:2";

  @Override
  public String id() {
    return "underlay-shaped";
  }

  @Override
  public String title() {
    return "the underlay shapes the traffic";
  }

  @Override
  public String description() {
    return "The fabric passes 2 Mbit/s of the direction's packets to the receiver, queues 50 packets and drops"
        + " what is more; below that rate nothing is lost.";
  }

  @Override
  public Place place() {
    return Place.FABRIC;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.degraded(Way.THERE, Tap.SENDER_NIC, Tap.RECEIVER_NIC));
  }

  @Override
  public Injection injection(PairSight sight) {
    return injection(sight.direction(), sight.topology());
  }

  /** A port has one tree of classes, also where several nodes send to it. */
  @Override
  public Injection injection(Direction direction, LabSight sight) {
    return injection(direction, sight.topology());
  }

  private Injection injection(Direction direction, Topology topology) {
    Map<LabNode, List<String>> rules = new LinkedHashMap<>();
    for (LabSight.Pair pair : direction.pairs(topology)) {
      List<String> ofPort = rules.computeIfAbsent(pair.to(), port -> new ArrayList<>());
      for (IpFamily family : topology.families()) {
        ofPort.add(
            "oifname \"%s\" %s saddr %s meta priority set %s"
                .formatted(
                    pair.to().name(),
                    Direction.keyword(family),
                    PairSight.own(pair.from(), family),
                    CLASS));
      }
    }
    Injection injection = Injection.nothing();
    for (Map.Entry<LabNode, List<String>> port : rules.entrySet()) {
      String device = port.getKey().name();
      var table =
          new RuleTable(
              "fabric",
              "bridge",
              "lab-" + id() + ".any." + device,
              "postrouting priority 0",
              port.getValue());
      String root = "qdisc replace dev " + device + " root ";
      injection =
          injection.and(
              new Injection(
                  Set.of(),
                  Set.of("fabric qdisc " + device),
                  List.of(
                      Step.tc(
                          "fabric",
                          root + "handle 1: htb default 0",
                          "class add dev %s parent 1: classid %s htb rate %s burst 10k"
                              .formatted(device, CLASS, RATE),
                          "qdisc add dev %s parent %s handle 20: pfifo limit 50"
                              .formatted(device, CLASS)),
                      table.add()),
                  List.of(
                      table.remove(),
                      Step.tc("fabric", root + "pfifo", "qdisc del dev " + device + " root")),
                  List.of(new HitCounter(HitCounter.Kind.QUEUE, "fabric", device + " 1:"))));
    }
    return injection;
  }
}

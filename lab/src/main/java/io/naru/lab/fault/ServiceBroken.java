package io.naru.lab.fault;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.fault.NodeSight.Serving;
import io.naru.lab.topology.LabNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Backends of services in which nobody listens any more. */
public record ServiceBroken() implements ScriptedFault {
  @Override
  public String id() {
    return "service-broken";
  }

  @Override
  public String title() {
    return "backends on the receiving node refuse their services' ports";
  }

  @Override
  public String description() {
    return "Pods on the receiving node refuse the ports of the services that lead to them, whoever"
        + " asks, as if nobody listened; all paths stay healthy.";
  }

  @Override
  public Place place() {
    return Place.SERVING_PODS;
  }

  @Override
  public List<Expectation> expected() {
    return List.of();
  }

  @Override
  public boolean needsService() {
    return true;
  }

  @Override
  public Injection injection(PairSight sight) {
    return at(sight.to(), sight.receiver());
  }

  /** Whoever asks is refused, so that a receiver of several senders is altered once. */
  @Override
  public Injection injection(Direction direction, LabSight sight) {
    List<LabNode> receivers =
        direction.pairs(sight.topology()).stream().map(LabSight.Pair::to).distinct().toList();
    Injection injection =
        Injection.all(receivers.stream().map(node -> at(node, sight.node(node))).toList());
    if (injection.steps().isEmpty()) {
      String names = receivers.stream().map(LabNode::name).collect(Collectors.joining(", "));
      throw new NaruException(
          ErrorCode.CONFLICT,
          "there is nothing to break: no service leads to a pod on %s; make one first: naru lab pod"
                  .formatted(names)
              + " run web --node %s, then naru service add web --port 80:8080 --backend pod:web"
                  .formatted(receivers.getFirst().name()));
    }
    return injection;
  }

  private Injection at(LabNode node, NodeSight sight) {
    Map<String, List<String>> rules = new LinkedHashMap<>();
    for (Serving serving : sight.serving()) {
      rules
          .computeIfAbsent(serving.pod(), pod -> new ArrayList<>())
          .add(
              "%s daddr %s %s dport %d counter reject with %s"
                  .formatted(
                      Direction.keyword(serving.address().family()),
                      serving.address(),
                      serving.protocol(),
                      serving.port(),
                      switch (serving.protocol()) {
                        case TCP -> "tcp reset";
                        case UDP -> "icmpx port-unreachable";
                      }));
    }
    return Injection.all(
        rules.entrySet().stream()
            .map(
                pod ->
                    Injection.of(
                        new RuleTable(
                            pod.getKey(),
                            "inet",
                            "lab-" + id() + "." + node.name(),
                            "input priority 0",
                            pod.getValue())))
            .toList());
  }
}

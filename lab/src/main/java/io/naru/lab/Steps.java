package io.naru.lab;

import io.naru.lab.fault.Step;
import io.naru.lab.process.Program;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/** Runs the steps of a fault where they belong. */
record Steps(Topology topology) {
  void run(List<Step> steps) {
    for (Step step : steps) {
      List<String> words = new ArrayList<>(Namespaces.enter(namespace(topology, step.target())));
      words.addAll(step.command());
      Program.of(words).run(step.input());
    }
  }

  /** The network namespace of a node, of a pod, or of the fabric. */
  static String namespace(Topology topology, String target) {
    if (target.equals("fabric")) {
      return topology.fabricNamespace();
    }
    return topology.nodes().stream()
        .filter(node -> node.name().equals(target))
        .map(LabNode::namespace)
        .findFirst()
        .orElseGet(() -> topology.podNamespace(target));
  }
}

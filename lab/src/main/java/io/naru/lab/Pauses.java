package io.naru.lab;

import io.naru.lab.process.Parallel;
import io.naru.lab.process.Program;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;

/** The agents that the lab pauses while a fault stands that they would repair. */
record Pauses(LabDirectory directory, LabRecord record, Topology topology) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Of these nodes the ones that nobody paused yet. One without an agent repairs nothing. */
  Set<String> toBegin(FaultRecords.Entries standing, Set<String> nodes) {
    Set<String> found = ConcurrentHashMap.newKeySet();
    List<Callable<?>> tasks = new ArrayList<>();
    for (String name : nodes) {
      if (!standing.paused().contains(name)) {
        tasks.add(
            () -> {
              Node node = node(name);
              if (node.agentAnswers() && !isPaused(node)) {
                found.add(name);
              }
              return name;
            });
      }
    }
    Parallel.run(tasks);
    return new TreeSet<>(found);
  }

  private boolean isPaused(Node node) {
    String report = naru(node, "status", "-o", "json").run();
    return JSON.readTree(report).hasNonNull("paused");
  }

  /** Pauses them all; when this returns none of them changes anything any more. */
  void begin(Set<String> nodes) {
    Parallel.run(
        nodes.stream()
            .map(name -> (Callable<?>) () -> naru(node(name), "node", "pause", name).run())
            .toList());
  }

  /** Resumes those of ours that no standing fault needs, and what they find is repaired. */
  void endUnneeded(FaultRecords records) {
    FaultRecords.Entries entries = records.read();
    Set<String> needed = new HashSet<>();
    entries.standing().forEach(entry -> needed.addAll(entry.pauses()));
    List<String> ended = entries.paused().stream().filter(name -> !needed.contains(name)).toList();
    Parallel.run(
        ended.stream()
            .map(name -> (Callable<?>) () -> naru(node(name), "node", "resume", name).run())
            .toList());
    for (String name : ended) {
      entries = entries.resuming(name);
    }
    records.write(entries);
  }

  private Node node(String name) {
    return new Node(directory, record, topology.node(name));
  }

  private Program naru(Node node, String... words) {
    List<String> command = new ArrayList<>(record.programs().naru());
    command.addAll(List.of(words));
    return Program.of(node.enter(command));
  }
}

package io.naru.bench;

import io.naru.channel.frame.Json;
import io.naru.lab.Lab;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.route.RouteEvent;
import io.naru.linux.route.RouteEvents;
import io.naru.store.service.Connector;
import io.naru.store.service.RemoteClusterStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The agent of a lab's only node, whose peers come through the store. */
final class PeerAgent implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Pattern CHANGED =
      Pattern.compile(
          "changed the kernel in (\\d+) places, ([0-9.]+) ms compared and ([0-9.]+) ms");
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(400);

  private final BenchLab lab;
  private final RemoteClusterStore store;
  private final RouteEvents events;
  private final Peer last;

  private PeerAgent(BenchLab lab, RemoteClusterStore store, RouteEvents events, Peer last) {
    this.lab = lab;
    this.store = store;
    this.events = events;
    this.last = last;
  }

  /** Makes all of the peers known but the last one. */
  static PeerAgent open(BenchLab lab, List<Peer> peers) {
    RemoteClusterStore store = new RemoteClusterStore(Connector.unix(server(lab)));
    store.registerForeignNodes(peers.stream().limit(peers.size() - 1).map(Peer::node).toList());
    NetworkNamespace node = NetworkNamespace.open(lab.node(1));
    RouteEvents events =
        node.call(() -> RouteEvents.open(EnumSet.of(RouteEvents.Group.IPV4_ROUTE)));
    PeerAgent agent = new PeerAgent(lab, store, events, peers.getLast());
    agent.await(comparison -> comparison.path("entries").asInt() > 4 * peers.size());
    return agent;
  }

  private static Path server(BenchLab lab) {
    return Lab.find(lab.name()).flatMap(Lab::serverSocket).orElseThrow();
  }

  /** While the agent is paused its device and table go; what it does at the end counts. */
  double programFromNothing() {
    lab.command("node", "pause", "node1").run();
    Command.of("ip", "-n", lab.node(1), "link", "delete", "naru-vxlan").run();
    Command.of("nft", "delete", "table", "inet", "naru").in(lab.node(1)).run();
    long before = changes().count();
    lab.command("node", "resume", "node1").run();
    long began = System.nanoTime();
    while (System.nanoTime() - began < LONGEST.toNanos()) {
      Optional<Double> took = changes().skip(before).flatMap(PeerAgent::large).findFirst();
      if (took.isPresent()) {
        return took.get();
      }
      Attempts.pause(BETWEEN_QUESTIONS);
    }
    throw new IllegalStateException("the agent did not make its entries anew");
  }

  /** What the agent wrote of its changes; its status only knows the last look. */
  private Stream<String> changes() {
    Path log = Path.of("/run/naru-lab", lab.name(), "nodes", "node1", "agent.log");
    try {
      return Files.readAllLines(log).stream().filter(line -> CHANGED.matcher(line).find());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Stream<Double> large(String line) {
    Matcher change = CHANGED.matcher(line);
    return change.find() && Integer.parseInt(change.group(1)) > 1000
        ? Stream.of(Double.parseDouble(change.group(2)) + Double.parseDouble(change.group(3)))
        : Stream.empty();
  }

  /** Something that is not the agent's changes, so it looks at everything. */
  double compare() {
    long before = number();
    Command.of("ip", "-n", lab.node(1), "link", "set", "eth0", "alias", "look").run();
    Command.of("ip", "-n", lab.node(1), "link", "set", "eth0", "alias", "again").run();
    return await(c -> c.path("number").asLong() > before && c.path("changed").asInt() == 0)
        .path("compareMillis")
        .asDouble();
  }

  /** Ends when the kernel tells of the route. */
  double onePeerMore() {
    drain();
    long began = System.nanoTime();
    store.registerForeignNodes(List.of(last.node()));
    while (System.nanoTime() - began < LONGEST.toNanos()) {
      Optional<RouteEvent> event = events.next(LONGEST);
      if (event.orElse(null) instanceof RouteEvent.OfRoute(var presence, var route)
          && route.destination().equals(last.podCidr())) {
        double took = (System.nanoTime() - began) / 1e6;
        store.removeNode(last.node().name(), true);
        return took;
      }
    }
    throw new IllegalStateException("no route to " + last.podCidr() + " after " + LONGEST);
  }

  private void drain() {
    while (events.next(Duration.ofMillis(1)).isPresent()) {
      // What others did before.
    }
  }

  private long number() {
    return comparison().path("number").asLong();
  }

  private JsonNode comparison() {
    JsonNode status = Json.read(lab.command("status", "-o", "json").run(), JsonNode.class);
    return (status.isArray() ? status.path(0) : status).path("comparison");
  }

  private JsonNode await(Predicate<JsonNode> wanted) {
    long began = System.nanoTime();
    while (System.nanoTime() - began < LONGEST.toNanos()) {
      JsonNode comparison = comparison();
      if (wanted.test(comparison)) {
        return comparison;
      }
      Attempts.pause(BETWEEN_QUESTIONS);
    }
    throw new IllegalStateException("the agent's comparison did not come: " + comparison());
  }

  @Override
  public void close() {
    events.close();
    store.close();
  }
}

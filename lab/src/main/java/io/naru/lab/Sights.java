package io.naru.lab;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.lab.fault.Direction;
import io.naru.lab.fault.LabSight;
import io.naru.lab.fault.NodeSight;
import io.naru.lab.fault.NodeSight.Forward;
import io.naru.lab.fault.NodeSight.Neighbour;
import io.naru.lab.fault.NodeSight.PodLink;
import io.naru.lab.fault.NodeSight.Route;
import io.naru.lab.process.Parallel;
import io.naru.lab.process.Program;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks at what the kernels of a lab hold of Naru's, by the programs of iproute2. */
record Sights(LabDirectory directory, Topology topology) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The mark of Naru's routes, as a number: it has no name on the host. */
  private static final String PROTOCOL = "72";

  /** Looks at all nodes that the direction concerns. */
  LabSight of(Direction direction) {
    Set<LabNode> nodes =
        direction.pairs(topology).stream()
            .flatMap(pair -> Stream.of(pair.from(), pair.to()))
            .collect(Collectors.toSet());
    Map<String, NodeSight> sights = new ConcurrentHashMap<>();
    List<Callable<?>> tasks = new ArrayList<>();
    for (LabNode node : nodes) {
      tasks.add(() -> sights.put(node.name(), of(node)));
    }
    Parallel.run(Parallel.bounded(tasks, Runtime.getRuntime().availableProcessors()));
    return new LabSight(topology, sights);
  }

  private NodeSight of(LabNode node) {
    String namespace = node.namespace();
    Map<Integer, JsonNode> links = new HashMap<>();
    Optional<String> vtepMac = Optional.empty();
    for (JsonNode link : json(namespace, "ip", "-j", "link", "show")) {
      links.put(link.path("ifindex").asInt(0), link);
      if (link.path("ifname").asString("").equals(NodeSight.TUNNEL)) {
        vtepMac = Optional.of(link.path("address").asString(""));
      }
    }
    List<Forward> forwards = new ArrayList<>();
    List<Neighbour> neighbours = new ArrayList<>();
    if (vtepMac.isPresent()) {
      json(namespace, "bridge", "-j", "fdb", "show", "dev", NodeSight.TUNNEL)
          .forEach(
              entry ->
                  forwards.add(
                      new Forward(entry.path("mac").asString(""), entry.path("dst").asString(""))));
      json(namespace, "ip", "-j", "neigh", "show", "dev", NodeSight.TUNNEL, "nud", "permanent")
          .forEach(
              entry ->
                  neighbours.add(
                      new Neighbour(
                          entry.path("dst").asString(""), entry.path("lladdr").asString(""))));
    }
    List<String> routes = new ArrayList<>();
    for (String family : List.of("-4", "-6")) {
      Namespaces.inside(namespace, "ip", family, "route", "show", "proto", PROTOCOL)
          .run()
          .lines()
          .map(String::strip)
          .forEach(routes::add);
    }
    return new NodeSight(
        vtepMac,
        podCidrs(routes),
        forwards,
        neighbours,
        toOtherNodes(routes),
        settings(namespace),
        pods(node, links),
        new ServiceSight(namespace).serving(podsByAddress(node)));
  }

  /** A node refuses its own blocks where no pod has the address, and the cluster's around them. */
  private static List<Prefix> podCidrs(List<String> routes) {
    List<Prefix> refused =
        routes.stream()
            .filter(route -> route.startsWith("unreachable "))
            .map(route -> Prefix.parse(route.split(" ", 3)[1]))
            .toList();
    return refused.stream()
        .filter(
            inner ->
                refused.stream().anyMatch(outer -> !outer.equals(inner) && outer.contains(inner)))
        .toList();
  }

  private static List<Route> toOtherNodes(List<String> routes) {
    return routes.stream()
        .filter(route -> !route.startsWith("unreachable ") && route.contains(" via "))
        .map(route -> new Route(Prefix.parse(route.split(" ", 2)[0]), route + " proto " + PROTOCOL))
        .toList();
  }

  private static Map<String, String> settings(String namespace) {
    Map<String, String> values = new HashMap<>();
    String output =
        Namespaces.inside(namespace, "sysctl", "-e", NodeSight.REVERSE_PATH_FILTER)
            .tryRun("")
            .output();
    output
        .lines()
        .map(line -> line.split(" = ", 2))
        .filter(parts -> parts.length == 2)
        .forEach(parts -> values.put(parts[0], parts[1]));
    return values;
  }

  private Map<IpAddress, String> podsByAddress(LabNode node) {
    Map<IpAddress, String> pods = new HashMap<>();
    for (PodRecord pod : directory.podRecords()) {
      if (pod.node().equals(node.name())) {
        pod.addresses()
            .forEach(text -> pods.put(IpAddress.parse(text.split("/", 2)[0]), pod.name()));
      }
    }
    return pods;
  }

  private List<PodLink> pods(LabNode node, Map<Integer, JsonNode> links) {
    List<PodLink> pods = new ArrayList<>();
    for (PodRecord pod : directory.podRecords()) {
      if (pod.node().equals(node.name())) {
        for (JsonNode own :
            json(topology.podNamespace(pod.name()), "ip", "-j", "link", "show", "dev", "eth0")) {
          JsonNode hostEnd = links.get(own.path("link_index").asInt(0));
          if (hostEnd != null) {
            pods.add(
                new PodLink(
                    pod.name(),
                    own.path("mtu").asInt(0),
                    hostEnd.path("ifname").asString(""),
                    hostEnd.path("mtu").asInt(0)));
          }
        }
      }
    }
    return pods;
  }

  static JsonNode json(String namespace, String... command) {
    Program.Result listed = Namespaces.inside(namespace, command).tryRun("");
    return listed.exitCode() == 0 && !listed.output().isBlank()
        ? JSON.readTree(listed.output())
        : JSON.createArrayNode();
  }
}

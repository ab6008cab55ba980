package io.naru.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * How long a container runtime waits for a pod's network: from exec of the plugin to its exit, one
 * at a time and eight at once. The pods' namespaces are there already. Both plugins keep their
 * leases in memory (tmpfs).
 */
final class CniSuite implements Suite {
  private static final int AT_ONCE = 8;

  /** A round's number is the median of so many. */
  private static final int RUNS = 10;

  private static final String DEBIAN = "bridge + host-local";
  private static final String PLUGINS = "/usr/lib/cni";
  private static final String HOST = "bench-cni-host";

  private final CniTimer timer;
  private final BenchLab lab;
  private final String naruConfiguration;
  private final String bridgeConfiguration;

  /** What ADD measured of DEL in passing. */
  private final Map<String, Double> deletions = new HashMap<>();

  private CniSuite(CniTimer timer, BenchLab lab) {
    this.timer = timer;
    this.lab = lab;
    this.naruConfiguration =
        timer.configuration(
            "naru.json", "{\"cniVersion\":\"1.0.0\",\"name\":\"naru\",\"type\":\"naru-cni\"}");
    // As Flannel hands it to the bridge plugin, without masquerade, which would call iptables.
    this.bridgeConfiguration =
        timer.configuration(
            "bridge.json",
            """
            {"cniVersion":"1.0.0","name":"bench","type":"bridge","bridge":"cni0","mtu":1450,
             "hairpinMode":true,"isDefaultGateway":true,"ipMasq":false,
             "ipam":{"type":"host-local","dataDir":"%s/leases",
                     "ranges":[[{"subnet":"10.246.1.0/24"}]],"routes":[{"dst":"10.246.0.0/16"}]}}
            """
                .formatted(timer.directory()));
  }

  static Suite open(Installation naru) {
    CniTimer timer = CniTimer.compile();
    BenchLab lab = BenchLab.up(naru, "cni", 2, "vxlan");
    Hosts.add(HOST);
    pods().forEach(Hosts::add);
    return new CniSuite(timer, lab);
  }

  private static List<String> pods() {
    return IntStream.rangeClosed(1, AT_ONCE).mapToObj(i -> "bench-cni-pod" + i).toList();
  }

  @Override
  public String name() {
    return "network-cni";
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int pods : List.of(1, AT_ONCE)) {
      String many = pods == 1 ? "" : ", eight at once";
      rows.add(adding(DEBIAN + ", ADD" + many, pods, this::bridge));
      rows.add(withGoal(adding("naru-cni, ADD" + many, pods, this::naru), DEBIAN + ", ADD" + many));
      rows.add(deleting(DEBIAN, many));
      rows.add(withGoal(deleting("naru-cni", many), DEBIAN + ", DEL" + many));
    }
    return rows;
  }

  private static Row withGoal(Row row, String against) {
    return new Row(row.name(), row.once(), Goal.atMost(0.5, against));
  }

  private Row adding(String name, int pods, Function<List<String>, String> call) {
    return new Row(
        name,
        () -> {
          String printed = call.apply(call(pods));
          deletions.put(name.replace("ADD", "DEL"), CniTimer.median(printed, "DEL"));
          return CniTimer.median(printed, "ADD");
        });
  }

  private Row deleting(String plugin, String many) {
    String name = plugin + ", DEL" + many;
    return new Row(name, () -> deletions.getOrDefault(name, Double.NaN));
  }

  private List<String> call(int pods) {
    return pods().stream().limit(pods).map(pod -> "/run/netns/" + pod).toList();
  }

  private String naru(List<String> namespaces) {
    String directory = "/opt/cni/bin";
    return lab.onNode(
            "node1", words(directory + "/naru-cni", naruConfiguration, directory, namespaces))
        .run();
  }

  private String bridge(List<String> namespaces) {
    return new Command(words(PLUGINS + "/bridge", bridgeConfiguration, PLUGINS, namespaces))
        .in(HOST)
        .run();
  }

  private List<String> words(
      String plugin, String configuration, String path, List<String> namespaces) {
    List<String> words = new ArrayList<>(List.of(timer.program(), Integer.toString(RUNS)));
    words.addAll(List.of(plugin, configuration, path));
    words.addAll(namespaces);
    return words;
  }
}

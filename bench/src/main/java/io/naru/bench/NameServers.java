package io.naru.bench;

import io.naru.channel.frame.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A lab of two nodes and a thousand services. Its first node has a client in a pod, and beside the
 * node's own server dnsmasq in another pod, which has the same names. Both ask a dnsmasq in the
 * world for a thousand names more, and keep them.
 *
 * @param clusterNames a file for dnsperf
 * @param worldNames another
 */
record NameServers(BenchLab lab, String clusterNames, String worldNames) {
  /** The agents' own addresses: docs/configuration.md, dnsAddresses. */
  static final String NARU4 = "169.254.20.10";

  static final String NARU6 = "fd00:6e61:7275::53";

  private static final String WORLD = "198.51.100.10";
  private static final int NAMES = 1000;
  private static final int ATTEMPTS = 100;
  private static final Duration BETWEEN = Duration.ofMillis(200);

  /** Makes it; the node's server has all names when this returns, and the pod's too. */
  static NameServers open(Installation naru, String suffix) {
    BenchLab lab =
        BenchLab.up(naru, suffix, 2, "direct", "--ipv6", "--set", "dnsUpstreams=[" + WORLD + "]");
    lab.pod("client", "node1");
    lab.pod("dnsmasq", "node1");
    Scratch scratch = Scratch.make("names");
    NameServers made =
        new NameServers(
            lab,
            scratch.file("cluster.txt", lines(i -> name(i) + " A")),
            scratch.file("world.txt", lines(i -> worldName(i) + " A")));
    dnsmasq(
            lab.name() + "-world",
            scratch.file("world", lines(i -> address(i) + " " + worldName(i))))
        .startUntilTheEnd();
    dnsmasq(made.pod("dnsmasq"), scratch.file("cluster", lines(i -> address(i) + " " + name(i))))
        .and("--server=" + WORLD)
        .startUntilTheEnd();
    lab.command("service", "add", "--file", scratch.file("services.json", services())).run();
    for (String server : List.of(NARU4, NARU6, made.dnsmasq4(), made.dnsmasq6())) {
      made.awaitAll(server, made.clusterNames);
      made.awaitAll(server, made.worldNames);
    }
    return made;
  }

  /** Reads nothing of the host, writes nothing, and keeps more names than there are. */
  private static Command dnsmasq(String namespace, String hosts) {
    return Command.of("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=")
        .and("--no-resolv", "--no-hosts", "--user=root", "--cache-size=10000")
        .and("--local-ttl=86400", "--addn-hosts=" + hosts)
        .in(namespace);
  }

  /** Until each name was found: caches have them then. */
  private void awaitAll(String server, String names) {
    for (int left = ATTEMPTS; ; left--) {
      Dnsperf.Told told = Dnsperf.once(client(), server, names);
      if (told.lost() == 0) {
        return;
      }
      if (left == 0) {
        throw new IllegalStateException(
            "%s does not find %d names of %s".formatted(server, told.lost(), names));
      }
      Attempts.pause(BETWEEN);
    }
  }

  /** A service's name. */
  static String name(int service) {
    return "n%d.bench.svc.cluster.local".formatted(service);
  }

  /** And its address. */
  static String address(int service) {
    return ServiceList.address(service);
  }

  private static String worldName(int i) {
    return "n%d.bench.test".formatted(i);
  }

  private static String lines(IntFunction<String> line) {
    return IntStream.range(0, NAMES).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
  }

  /** For {@code naru service add --file}; nobody connects to them. */
  private static String services() {
    return Json.write(
        IntStream.range(0, NAMES)
            .mapToObj(
                i ->
                    Map.of(
                        "name",
                        "bench/n" + i,
                        "clusterIps",
                        List.of(address(i)),
                        "ports",
                        List.of(ServiceList.PORT + "/tcp")))
            .toList());
  }

  String client() {
    return pod("client");
  }

  /** Its network namespace. */
  String pod(String name) {
    return lab.name() + "-pod-" + name;
  }

  String dnsmasq4() {
    return BenchLab.address(pod("dnsmasq"), "eth0");
  }

  String dnsmasq6() {
    return BenchLab.address6(pod("dnsmasq"), "eth0");
  }
}

package io.naru.bench;

import io.naru.core.address.IpFamily;
import io.naru.core.service.Protocol;
import io.naru.linux.conntrack.Conntrack;
import io.naru.linux.namespace.NetworkNamespace;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A lab of two nodes whose cluster has so many services: a client on the one, three backends on the
 * other.
 *
 * @param file what was registered
 * @param ends from the client to the last service
 */
record NaruServices(BenchLab lab, ServiceList services, String file, Ends ends) {
  static final Duration LONGEST = Duration.ofSeconds(60);

  private static final List<String> SERVERS = List.of("server1", "server2", "server3");

  /** Makes it; its services can be reached when this returns. */
  static NaruServices open(Installation naru, ConnectionTimer timer, int size) {
    BenchLab lab = BenchLab.up(naru, "s" + size, 2, "direct");
    lab.pod("client", "node1");
    List<String> backends = SERVERS.stream().map(name -> server(lab, timer, name, "")).toList();
    ServiceList services = new ServiceList(size, backends);
    NaruServices made =
        new NaruServices(
            lab,
            services,
            timer.compiled().file("services-" + size + ".json", services.file()),
            new Ends(pod(lab, "client"), pod(lab, SERVERS.getFirst()), services.last()));
    made.fill(timer);
    return made;
  }

  /** Makes a pod on the second node that answers each connection with that word; its address. */
  static String server(BenchLab lab, ConnectionTimer timer, String name, String word) {
    lab.pod(name, "node2");
    timer.serve(pod(lab, name), ServiceList.TARGET, word);
    return BenchLab.address(pod(lab, name), "eth0");
  }

  private static String pod(BenchLab lab, String name) {
    return lab.name() + "-pod-" + name;
  }

  /** Milliseconds from the command's start until the client reaches services all over the list. */
  double fill(ConnectionTimer timer) {
    long began = System.nanoTime();
    lab.command("service", "add", "--file", file).run();
    timer.await(ends.client(), services.some(), ServiceList.PORT, "", LONGEST);
    double took = (System.nanoTime() - began) / 1e6;
    forgetAttempts();
    return took;
  }

  /**
   * The kernel remembers for two minutes that the client's first attempts led nowhere; a later
   * connection from the same port would follow them.
   */
  private void forgetAttempts() {
    try (NetworkNamespace node = NetworkNamespace.open(lab.node(1));
        Conntrack conntrack = node.call(Conntrack::open)) {
      conntrack.forEach(
          IpFamily.IPV4,
          Protocol.TCP.number(),
          flow -> {
            if (flow.original().destination().equals(flow.reply().source())) {
              boolean _ = conntrack.delete(flow);
            }
          });
    }
  }

  /** From the client to a backend itself. */
  Ends withoutService() {
    return new Ends(ends.client(), ends.server(), services.backends().getFirst());
  }

  /** Names of all of them. */
  Stream<String> names() {
    return Stream.iterate(0, service -> service + 1).limit(services.size()).map(ServiceList::name);
  }
}

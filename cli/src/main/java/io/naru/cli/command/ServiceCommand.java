package io.naru.cli.command;

import io.naru.cli.output.Listing;
import io.naru.core.address.IpAddress;
import io.naru.core.service.Backend;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.core.service.ServiceWish;
import io.naru.core.service.TrafficPolicy;
import io.naru.store.ClusterStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru service list|add|rm}. */
@Command(
    name = "service",
    description = "Services: names and addresses that stay while what serves them changes.",
    subcommands = {ServiceList.class, ServiceCommand.Add.class, ServiceCommand.Remove.class})
final class ServiceCommand extends Group {
  /** More are only counted. */
  private static final int MOST_SHOWN = 20;

  /** Puts services there, on the server's host. */
  @Command(
      name = "add",
      description = {
        "Put a service there, in place of the one of that name if there is one.",
        "Type it on the server's host. Without --cluster-ip it keeps its addresses, or gets free"
            + " ones."
      },
      footer = {
        "A file is a YAML or JSON list with an entry for each service:",
        "  - {name: shop/web, ports: ['http:80:8080/tcp'], backends: [10.244.1.5],",
        "     clusterIps: [10.96.0.20], headless: false, nodePorts: false,",
        "     affinitySeconds: 600, externalPolicy: local, internalPolicy: cluster,",
        "     publishNotReady: false}",
        "All its entries are put there, or none. A port may also be an object with",
        "name, port, target, protocol and nodePort; a backend one with address,",
        "state and hostname."
      })
  static final class Add implements Runnable {
    @Spec CommandSpec spec;
    @Mixin ServerSource server;

    @Parameters(
        paramLabel = "NAME",
        arity = "0..1",
        description = "NAMESPACE/NAME, or NAME in the namespace default")
    @Nullable String name;

    @Option(
        names = "--cluster-ip",
        paramLabel = "ADDRESS",
        description = "an address of its own; once for each family")
    List<String> clusterIps = new ArrayList<>();

    @Option(
        names = "--headless",
        description = "no address of its own: its name leads to the backends")
    boolean headless;

    @Option(
        names = "--port",
        paramLabel = "[NAME:]PORT[:TARGET][/tcp|udp]",
        description = "a port of it, and the backends' port if that is another")
    List<String> ports = new ArrayList<>();

    @Option(
        names = "--node-ports",
        description = "reachable at every node's addresses too, at ports from 30000 to 32767")
    boolean nodePorts;

    @Option(
        names = "--backend",
        paramLabel = "ADDRESS[=STATE]",
        description = {
          "what serves it: an address or pod:NAME, and ready (the default), terminating or not-ready"
        })
    List<String> backends = new ArrayList<>();

    @Option(
        names = "--affinity",
        paramLabel = "SECONDS",
        description = "a client keeps its backend so long after its last new connection")
    @Nullable Integer affinity;

    @Option(
        names = "--external-policy",
        paramLabel = "cluster|local",
        description = "backends for connections to node ports: all, or those of the node itself")
    @Nullable String externalPolicy;

    @Option(
        names = "--internal-policy",
        paramLabel = "cluster|local",
        description = "the same for connections from within the cluster")
    @Nullable String internalPolicy;

    @Option(
        names = "--publish-not-ready",
        description = "names lead also to backends that are not ready")
    boolean publishNotReady;

    @Option(names = "--file", paramLabel = "FILE", description = "put many there at once")
    @Nullable Path file;

    @Override
    public void run() {
      requireOneSource();
      try (var store = server.open("The server keeps services for nobody else")) {
        List<Service> stored = store.putServices(wishes(store));
        print(spec.commandLine().getOut(), stored);
      }
    }

    private void requireOneSource() {
      boolean described =
          name != null
              || headless
              || nodePorts
              || publishNotReady
              || affinity != null
              || externalPolicy != null
              || internalPolicy != null
              || !(clusterIps.isEmpty() && ports.isEmpty() && backends.isEmpty());
      if (file == null && name == null) {
        throw new ParameterException(spec.commandLine(), "give NAME and --port, or --file FILE");
      }
      if (file != null && described) {
        throw new ParameterException(
            spec.commandLine(), "--file FILE says all of its services; give nothing beside it");
      }
    }

    private List<ServiceWish> wishes(ClusterStore store) {
      BackendPods pods = BackendPods.of(server, store);
      return file == null ? List.of(fromOptions(pods)) : ServiceFile.read(file, pods);
    }

    private ServiceWish fromOptions(BackendPods pods) {
      ServiceName wanted = ServiceName.parse(name == null ? "" : name);
      List<IpAddress> addresses = clusterIps.stream().map(IpAddress::parse).toList();
      List<ServicePort> parsedPorts = ports.stream().map(ServiceForms::port).toList();
      var ofPod = pods.families(Optional.of(wanted), addresses, headless);
      List<Backend> parsedBackends =
          backends.stream().flatMap(text -> ServiceForms.backends(text, ofPod).stream()).toList();
      return new ServiceWish(
          new Service(
              wanted,
              addresses,
              parsedPorts,
              parsedBackends,
              Optional.ofNullable(affinity),
              policy(externalPolicy),
              policy(internalPolicy),
              publishNotReady),
          headless,
          nodePorts);
    }

    private static TrafficPolicy policy(@Nullable String text) {
      return text == null ? TrafficPolicy.CLUSTER : ServiceForms.policy(text);
    }

    static void print(PrintWriter out, List<Service> services) {
      if (services.size() > MOST_SHOWN) {
        out.println(services.size() + " services are there.");
        return;
      }
      services.forEach(service -> out.println(line(service)));
    }

    private static String line(Service service) {
      String addresses =
          service.isHeadless()
              ? "headless"
              : Listing.joined(service.clusterIps().stream().map(IpAddress::toString).toList());
      String ports = Listing.joined(service.ports().stream().map(Add::shown).toList());
      return service.name() + "  " + addresses + (ports.isEmpty() ? "" : "  " + ports);
    }

    private static String shown(ServicePort port) {
      return port + port.nodePort().map(number -> " (node port " + number + ")").orElse("");
    }
  }

  /** Removes services, on the server's host. */
  @Command(
      name = "rm",
      description = "Remove services: all that are named, or none. Type it on the server's host.")
  static final class Remove implements Runnable {
    @Spec CommandSpec spec;
    @Mixin ServerSource server;

    @Parameters(paramLabel = "NAME", arity = "1..*")
    List<String> names = new ArrayList<>();

    @Override
    public void run() {
      List<ServiceName> services = names.stream().map(ServiceName::parse).distinct().toList();
      try (var store = server.open("The server removes services for nobody else")) {
        store.removeServices(services);
      }
      spec.commandLine()
          .getOut()
          .println(
              services.size() == 1
                  ? "Service " + services.getFirst() + " is gone."
                  : services.size() + " services are gone.");
    }
  }
}

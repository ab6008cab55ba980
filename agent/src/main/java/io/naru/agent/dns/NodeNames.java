package io.naru.agent.dns;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.configuration.ServiceSettings;
import io.naru.core.desired.NodeView;
import io.naru.core.error.NaruException;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.dns.NodeDns;
import io.naru.dns.Settings;
import io.naru.dns.upstream.UpstreamAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's DNS server follows what is known of the network: whether there shall be one, where it
 * listens, who may ask it, and whom it asks. Only pods of this node and the node itself may.
 */
public final class NodeNames implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeNames.class);
  private static final int PORT = 53;

  /** Compared by value, so that the same network makes the same settings. */
  private record Neighbours(List<Prefix> pods, Set<IpAddress> own) implements Predicate<IpAddress> {
    @Override
    public boolean test(IpAddress asker) {
      if (asker.isLoopback() || own.contains(asker)) {
        return true;
      }
      for (Prefix block : pods) {
        if (block.contains(asker)) {
          return true;
        }
      }
      return false;
    }
  }

  private final Path resolvers;
  private @Nullable NodeDns dns;
  private Map<ServiceName, Service> services = Map.of();
  private Optional<String> problem = Optional.empty();
  private boolean closed;

  /** Its sockets are in the network namespace of the thread that calls {@link #follow} first. */
  public NodeNames() {
    this(HostResolvers.FILE);
  }

  NodeNames(Path resolvers) {
    this.resolvers = resolvers;
  }

  /** Why no names are answered though they should be, a sentence. */
  public synchronized Optional<String> problem() {
    return problem;
  }

  /** The services have changed. */
  public synchronized void services(Map<ServiceName, Service> now) {
    services = now;
    if (dns != null) {
      dns.names(now);
    }
  }

  /** The network may have changed; its addresses are on the node by now. */
  public synchronized void follow(NodeView view) {
    if (closed) {
      return;
    }
    try {
      if (view.configuration().services().dns()) {
        keep(settings(view));
      } else {
        end();
      }
      problem = Optional.empty();
    } catch (NaruException refused) {
      String sentence = "names are not answered here: " + refused.sentence();
      if (!problem.equals(Optional.of(sentence))) {
        LOG.warn("{}; it is tried again", sentence);
      }
      problem = Optional.of(sentence);
    }
  }

  private void keep(Settings settings) {
    NodeDns running = dns;
    if (running == null) {
      // Nowhere first: that one address is taken must not keep the other silent.
      running = NodeDns.open(settings.listeningAt(List.of()));
      running.names(services);
      dns = running;
    }
    if (!running.settings().equals(settings)) {
      running.settings(settings);
      LOG.info("names are answered at {}", settings.listen());
    }
  }

  /** Where names are answered now. */
  public synchronized List<IpAddress> listening() {
    return dns == null ? List.of() : dns.settings().listen();
  }

  private Settings settings(NodeView view) {
    ServiceSettings network = view.configuration().services();
    List<IpAddress> listen = view.dnsAddresses();
    Set<IpAddress> own = new HashSet<>(listen);
    view.underlay().addresses().forEach(address -> own.add(address.address()));
    view.self().podCidrs().forEach(cidr -> own.add(NodeView.gateway(cidr).address()));
    List<Prefix> reverse = new ArrayList<>(view.configuration().clusterCidrs());
    reverse.addAll(network.serviceCidrs());
    List<IpAddress> upstreams =
        network.dnsUpstreams().isEmpty() ? HostResolvers.in(resolvers) : network.dnsUpstreams();
    return new Settings(
        listen,
        PORT,
        network.clusterDomain(),
        new Neighbours(view.self().podCidrs(), Set.copyOf(own)),
        upstreams.stream()
            .filter(address -> !listen.contains(address))
            .map(UpstreamAddress::of)
            .toList(),
        network.clusterDnsUpstreams().stream().map(UpstreamAddress::of).toList(),
        reverse);
  }

  private void end() {
    if (dns != null) {
      dns.close();
      dns = null;
      LOG.info("names are not answered any more: the network's dns is off");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (dns != null) {
      dns.close();
      dns = null;
    }
  }
}

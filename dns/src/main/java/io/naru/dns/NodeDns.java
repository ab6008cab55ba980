package io.naru.dns;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.dns.server.Bounds;
import io.naru.dns.server.DnsServer;
import io.naru.dns.server.ServerCounters;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * The DNS server of a node: it answers the cluster's names from the services it is handed, and asks
 * upstreams for the rest.
 *
 * <p>Its listening sockets are opened in the network namespace of the thread that calls {@link
 * #open} or {@link #settings}. Those to upstreams are opened later, on virtual threads, so in the
 * namespace that the process' threads have: that is the same in an agent, which lives in one.
 */
public final class NodeDns implements AutoCloseable {
  private final ServerCounters counters = new ServerCounters();
  private final AnswerChain chain;
  private final DnsServer server;

  private NodeDns(Settings settings, Bounds bounds) {
    this.chain = new AnswerChain(settings);
    this.server =
        new DnsServer(settings.port(), this::mayAsk, chain, bounds, counters, System::nanoTime);
  }

  private boolean mayAsk(IpAddress asker) {
    return chain.settings().mayAsk().test(asker);
  }

  /**
   * Listens and answers. It knows no service yet.
   *
   * @throws NaruException if an address cannot be listened at, with the reason
   */
  public static NodeDns open(Settings settings) {
    return open(settings, Bounds.USUAL);
  }

  /** The same with other bounds of what it does at a time. */
  public static NodeDns open(Settings settings, Bounds bounds) {
    NodeDns dns = new NodeDns(settings, bounds);
    try {
      dns.server.listen(settings.listen());
    } catch (RuntimeException e) {
      dns.close();
      throw e;
    }
    return dns;
  }

  /**
   * Answers by these services from now on, all at once. Cheap when most are the same objects as
   * before, and when the map cannot be altered (as {@link Map#copyOf} makes it), since it is not
   * copied then.
   */
  public void names(Map<ServiceName, Service> services) {
    chain.names(services);
  }

  /**
   * Works by other settings from now on; sockets at addresses that stay are kept. The port stays.
   *
   * @throws NaruException if an address cannot be listened at; the rest holds, and {@link
   *     #settings()} has the addresses that can
   */
  public void settings(Settings settings) {
    if (settings.port() != chain.settings().port()) {
      throw new IllegalArgumentException("the port of an open DNS server stays as it is");
    }
    chain.settings(settings);
    server.forget();
    try {
      server.listen(settings.listen());
    } catch (NaruException e) {
      chain.settings(settings.listeningAt(server.addresses()));
      throw e;
    }
  }

  /** The settings it works by. */
  public Settings settings() {
    return chain.settings();
  }

  /** How many services it knows. */
  public int services() {
    return chain.services();
  }

  /** Where it listens, over UDP and TCP. */
  public List<InetSocketAddress> listening() {
    return server.listening();
  }

  /** What it did since it was opened. */
  public Counters counters() {
    return new Counters(
        counters.queries.sum(),
        counters.clusterAnswers.sum(),
        counters.cacheHits.sum(),
        counters.staleAnswers.sum(),
        counters.misses.sum(),
        chain.upstreamFailures(),
        counters.refused.sum(),
        counters.malformed.sum(),
        counters.overloaded.sum(),
        counters.unsent.sum(),
        chain.cached(),
        server.connections());
  }

  /** Stops listening, and what is under way. */
  @Override
  public void close() {
    server.close();
    chain.close();
  }
}

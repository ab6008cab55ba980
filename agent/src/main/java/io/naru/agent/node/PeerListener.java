package io.naru.agent.node;

import io.naru.agent.channel.PeerChannels;
import io.naru.channel.Hello;
import io.naru.channel.HelloHandler;
import io.naru.channel.TcpAddress;
import io.naru.channel.tls.ChannelAcceptor;
import io.naru.core.address.IpAddress;
import io.naru.core.desired.NodeView;
import io.naru.core.error.NaruException;
import io.naru.store.service.StoreRelay;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where peers reach this agent and, on the server's host, the store. */
final class PeerListener {
  private static final Logger LOG = LoggerFactory.getLogger(PeerListener.class);

  private PeerListener() {}

  /** Listens on all addresses; empty where the port is taken, which is logged. */
  static Optional<ChannelAcceptor> open(
      NodeView view, AgentOptions options, Membership membership, PeerChannels channels) {
    Map<String, HelloHandler> handlers = new HashMap<>();
    handlers.put(Hello.AGENT, channels::accepted);
    if (membership.isServerHost()) {
      StoreRelay relay = new StoreRelay(options.serverSocket());
      handlers.put(Hello.STORE, relay);
      handlers.put(Hello.JOIN, relay);
    }
    // A host without IPv6 has no "::", which elsewhere takes both families.
    for (IpAddress everywhere : List.of(IpAddress.parse("::"), IpAddress.parse("0.0.0.0"))) {
      try {
        return Optional.of(
            ChannelAcceptor.start(
                new TcpAddress(everywhere, view.configuration().agentPort()),
                membership.identity(),
                handlers));
      } catch (NaruException taken) {
        LOG.warn("not reachable for peers on {}: {}", everywhere, taken.sentence());
      }
    }
    return Optional.empty();
  }
}

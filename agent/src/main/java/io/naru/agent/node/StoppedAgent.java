package io.naru.agent.node;

import io.naru.agent.examine.KernelComparison;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.kernel.FilterTables;
import io.naru.agent.loop.ClusterMemory;
import io.naru.agent.loop.NodeIntent;
import io.naru.agent.loop.NodePublisher;
import io.naru.agent.loop.Pass;
import io.naru.agent.pod.LocalPods;
import io.naru.channel.identity.NodeIdentity;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.LocalPod;
import io.naru.core.diagnosis.DriftWords;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.route.RouteNetlink;
import io.naru.store.ClusterSnapshot;
import io.naru.store.ClusterStore;
import io.naru.store.service.Connector;
import io.naru.store.service.RemoteClusterStore;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this host's kernel holds of what its agent, which does not run, would want: by the store, or
 * where that does not answer by the last word that the agent kept. It is a pass that is not
 * applied.
 */
public final class StoppedAgent {
  /** The store has so long before the kept word has to do. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private StoppedAgent() {}

  /** Whether this host is a node of a cluster, and no agent runs on it. */
  public static boolean isHere(AgentOptions options) {
    return options.hasJoined() && !AgentLock.isHeld(options);
  }

  /**
   * The comparison.
   *
   * @throws NaruException NOT_FOUND where this host is no node, or none any more, CONFLICT where
   *     its agent runs, UNAVAILABLE where too little is known to compare with, or what the store
   *     answers instead: NOT_AUTHENTICATED where it does not know this node
   */
  public static NodeEvidence evidence(AgentOptions options) {
    NodeName name =
        NodeIdentity.load(options.identity())
            .map(NodeIdentity::name)
            .orElseThrow(
                () ->
                    new NaruException(
                        ErrorCode.NOT_FOUND,
                        "this host belongs to no cluster: there is no " + options.identity()));
    if (AgentLock.isHeld(options)) {
      throw new NaruException(
          ErrorCode.CONFLICT,
          name + "'s agent runs, and yet does not answer on " + options.socket());
    }
    Connector connector = Membership.wayToTheStore(options).orElseThrow();
    List<String> notChecked = new ArrayList<>();
    try (ClusterStore store = new RemoteClusterStore(connector, PATIENCE);
        RouteNetlink netlink = RouteNetlink.open();
        FilterTables filters = FilterTables.open(options.runDirectory())) {
      ClusterMemory memory = memory(name, store, options.cluster(), notChecked);
      List<LocalPod> pods = LocalPods.of(LeaseBook.look(options.pods()));
      Pass pass =
          Agent.reconciler(
                  options.with(intent(name, memory, options)),
                  memory,
                  store,
                  NodePublisher.direct(store),
                  netlink,
                  filters,
                  () -> pods)
              .pass(true);
      if (pass.view().isEmpty()) {
        throw new NaruException(
            ErrorCode.UNAVAILABLE,
            name
                + "'s kernel cannot be compared: "
                + pass.problems().stream().findFirst().orElse("too little is known"));
      }
      return KernelComparison.of(pass.view().get(), pass.plan(), netlink, notChecked);
    }
  }

  /** What the store says; where nobody answers, what the agent kept of it. */
  static ClusterMemory memory(
      NodeName name, ClusterStore store, Path kept, List<String> notChecked) {
    ClusterSnapshot snapshot;
    try {
      snapshot = store.snapshot();
    } catch (NaruException away) {
      if (away.code() != ErrorCode.UNAVAILABLE) {
        throw away;
      }
      notChecked.add(DriftWords.STORE_AWAY);
      return new ClusterMemory(kept, touched -> {});
    }
    if (!snapshot.nodes().containsKey(name)) {
      throw new NaruException(
          ErrorCode.NOT_FOUND,
          name
              + " was removed from the cluster; join it again with: naru agent --join TOKEN, or take"
              + " what is left of it from this host with: naru clean");
    }
    return ClusterMemory.of(snapshot);
  }

  /** With which options the agent was started nobody knows; what it published tells. */
  private static NodeIntent intent(NodeName name, ClusterMemory memory, AgentOptions options) {
    Optional<Node> published =
        memory.snapshot().map(ClusterSnapshot::nodes).map(nodes -> nodes.get(name));
    return new NodeIntent(
        name,
        published.flatMap(StoppedAgent::underlay).or(() -> options.intent().interfaceName()),
        options.intent().canReach(),
        published.map(Node::publicAddresses).orElse(options.intent().publicAddresses()));
  }

  /** The interface that has the address by which the node was published, if there is one still. */
  private static Optional<String> underlay(Node published) {
    return published.underlay().stream()
        .flatMap(
            own -> {
              try {
                return Optional.ofNullable(
                    NetworkInterface.getByInetAddress(own.address().toInetAddress()))
                    .stream();
              } catch (SocketException notKnown) {
                return Optional.<NetworkInterface>empty().stream();
              }
            })
        .map(NetworkInterface::getName)
        .findFirst();
  }
}

package io.naru.agent.node;

import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.kernel.FilterTables;
import io.naru.agent.loop.ClusterMemory;
import io.naru.agent.loop.ExpectedClaim;
import io.naru.agent.loop.NodePublisher;
import io.naru.agent.loop.Pass;
import io.naru.agent.pod.LocalPods;
import io.naru.core.desired.LocalPod;
import io.naru.linux.route.RouteNetlink;
import io.naru.store.ClusterSnapshot;
import io.naru.store.ClusterStore;
import io.naru.store.service.Connector;
import io.naru.store.service.RemoteClusterStore;
import java.util.List;
import java.util.Optional;

/**
 * What an agent would change on this host, as text; the same pass as the loop's, not applied. It
 * only asks the store, leaves no file behind, and takes none away.
 */
public final class DryRun {
  private DryRun() {}

  /** The plan, one line an operation; or a line that says that there is nothing to do. */
  public static String text(AgentOptions options) {
    Optional<Connector> connector = Membership.wayToTheStore(options);
    if (connector.isEmpty()) {
      return "+ membership in the cluster of the token\n"
          + "What else would change follows from that cluster's network, which only its nodes may"
          + " read.\n";
    }
    try (ClusterStore store = new RemoteClusterStore(connector.get());
        RouteNetlink netlink = RouteNetlink.open();
        FilterTables filters = FilterTables.open(options.runDirectory())) {
      ClusterSnapshot snapshot = store.snapshot();
      ClusterMemory memory = ClusterMemory.of(snapshot);
      List<LocalPod> pods = LocalPods.of(LeaseBook.look(options.pods()));
      Pass pass =
          Agent.reconciler(
                  options, memory, store, NodePublisher.direct(store), netlink, filters, () -> pods)
              .pass(true);
      StringBuilder text = new StringBuilder();
      if (!snapshot.nodes().containsKey(options.intent().name())) {
        ExpectedClaim.of(snapshot)
            .forEach(cidr -> text.append("+ pod CIDR from the store, probably " + cidr + "\n"));
      }
      text.append(pass.plan().text());
      pass.problems().forEach(problem -> text.append("problem: ").append(problem).append('\n'));
      return text.isEmpty() ? "Nothing to do: the kernel is as it should be.\n" : text.toString();
    }
  }
}

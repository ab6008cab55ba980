package io.naru.agent.node;

import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.kernel.FilterTables;
import io.naru.agent.loop.ClusterMemory;
import io.naru.agent.loop.Pass;
import io.naru.linux.route.RouteNetlink;
import io.naru.store.ClusterStore;
import java.util.Set;

/** What an agent would change on this host, as text; the same pass as the loop's, not applied. */
public final class DryRun {
  private DryRun() {}

  /** The plan, one line an operation; or a line that says that there is nothing to do. */
  public static String text(AgentOptions options) {
    try (ClusterStore store = Membership.of(options).store();
        RouteNetlink netlink = RouteNetlink.open()) {
      ClusterMemory memory = new ClusterMemory(options.cluster(), () -> {});
      memory.changed(store.snapshot(), Set.of());
      LeaseBook leases = new LeaseBook(options.pods());
      Pass pass =
          Agent.reconciler(
                  options,
                  memory,
                  store,
                  netlink,
                  new FilterTables(),
                  () -> Agent.localPods(leases))
              .pass(true);
      StringBuilder text = new StringBuilder(pass.plan().text());
      pass.problems().forEach(problem -> text.append("problem: ").append(problem).append('\n'));
      return text.isEmpty() ? "Nothing to do: the kernel is as it should be.\n" : text.toString();
    }
  }
}

package io.naru.agent.loop;

import io.naru.agent.kernel.HostSettings;
import io.naru.agent.kernel.KernelReader;
import io.naru.agent.kernel.KernelWriter;
import io.naru.agent.kernel.Steps;
import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.HostFacts;
import io.naru.core.desired.LocalPod;
import io.naru.core.desired.NodeView;
import io.naru.core.error.NaruException;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelState;
import io.naru.core.state.Plan;
import io.naru.core.underlay.Underlay;
import io.naru.core.underlay.UnderlayChoice;
import io.naru.core.underlay.UnderlayChoice.Wish;
import io.naru.linux.route.Link;
import io.naru.linux.route.RouteNetlink;
import io.naru.store.ClusterSnapshot;
import io.naru.store.ClusterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass from what is known to what the kernel holds. The first start, a change of a peer, the
 * repair of drift and a dry run are the same pass.
 */
public final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  private final NodeIntent intent;
  private final ClusterMemory memory;
  private final ClusterStore store;
  private final RouteNetlink netlink;
  private final KernelReader reader;
  private final KernelWriter writer;
  private final Steps steps;
  private final Supplier<List<LocalPod>> pods;
  private String underlayReason = "";
  private Optional<NodeView> lastView = Optional.empty();

  public Reconciler(
      NodeIntent intent,
      ClusterMemory memory,
      ClusterStore store,
      RouteNetlink netlink,
      KernelReader reader,
      KernelWriter writer,
      Steps steps,
      Supplier<List<LocalPod>> pods) {
    this.intent = intent;
    this.memory = memory;
    this.store = store;
    this.netlink = netlink;
    this.reader = reader;
    this.writer = writer;
    this.steps = steps;
    this.pods = pods;
  }

  private enum Mode {
    APPLY,
    /** The node goes on speaking to the store, but its kernel stays as it is. */
    LEAVE_THE_KERNEL,
    DRY_RUN
  }

  /**
   * Compares everything and does what is needed.
   *
   * @param dryRun only compare
   */
  public Pass pass(boolean dryRun) {
    return pass(dryRun ? Mode.DRY_RUN : Mode.APPLY);
  }

  /** Compares everything and leaves the kernel as it is; the plan says what differs. */
  Pass passThatLeavesTheKernel() {
    return pass(Mode.LEAVE_THE_KERNEL);
  }

  private Pass pass(Mode mode) {
    Optional<ClusterSnapshot> snapshot = memory.snapshot();
    if (snapshot.isEmpty()) {
      return new Pass(
          Optional.empty(),
          new Plan(List.of()),
          0,
          List.of("waiting for the first word of the store: " + memory.detail()));
    }
    try {
      return pass(snapshot.get(), mode);
    } catch (NaruException impossible) {
      // What was known stays known: a link that is down for a moment makes no node unready.
      return new Pass(lastView, new Plan(List.of()), 0, List.of(impossible.sentence()));
    }
  }

  private Pass pass(ClusterSnapshot snapshot, Mode mode) {
    Underlay underlay = underlay();
    NodeIntent.requireApart(snapshot.configuration(), underlay); // before any claim
    Optional<Node> published = Optional.ofNullable(snapshot.nodes().get(intent.name()));
    List<Prefix> cidrs = published.map(Node::podCidrs).orElseGet(() -> claim(mode));
    Node self = intent.node(snapshot.configuration(), underlay, cidrs);
    List<Node> peers =
        snapshot.nodes().values().stream()
            .filter(node -> !node.name().equals(intent.name()))
            .toList();

    // The kernel is read before the pods: a pod that appears in between is then put twice, while in
    // the other order its route would be taken for a left-over and removed.
    KernelState ours = reader.read();
    HostFacts facts = reader.facts();
    NodeView view = new NodeView(snapshot.configuration(), self, underlay, peers, pods.get());
    KernelState desired = DesiredState.of(view, facts);
    List<KernelEntry> present = new ArrayList<>(ours.entries());
    present.addAll(HostSettings.present(desired));
    lastView = Optional.of(view);
    Plan plan = Plan.between(KernelState.of(present), desired);
    if (mode == Mode.DRY_RUN) {
      return new Pass(Optional.of(view), plan, 0, List.of());
    }
    List<String> problems = new ArrayList<>();
    List<KernelWriter.Failure> failures = mode == Mode.APPLY ? writer.apply(plan) : List.of();
    failures.forEach(failure -> problems.add(failure.text()));
    if (memory.isFresh() && !published.equals(Optional.of(self))) {
      publish(self, problems);
    }
    return new Pass(Optional.of(view), plan, failures.size(), problems);
  }

  private List<Prefix> claim(Mode mode) {
    if (mode == Mode.DRY_RUN) {
      return ExpectedClaim.of(memory.snapshot().orElseThrow());
    }
    steps.before("claim a pod CIDR");
    return store.claimPodCidrs(intent.name(), List.of());
  }

  private void publish(Node self, List<String> problems) {
    steps.before("publish the node");
    try {
      store.publishNode(self);
      LOG.info("published {} with pods {}", self.name(), self.podCidrs());
    } catch (NaruException refused) {
      problems.add("the store does not take this node: " + refused.sentence());
    }
  }

  private Underlay underlay() {
    Wish wish =
        intent
            .interfaceName()
            .<Wish>map(Wish.Named::new)
            .or(() -> intent.canReach().map(this::reaching))
            .orElseGet(Wish.Default::new);
    Underlay underlay = UnderlayChoice.choose(reader.interfaces(), wish);
    String reason = underlay.interfaceName() + ": " + underlay.reason();
    if (!reason.equals(underlayReason)) {
      LOG.info("the underlay is {}", reason);
      underlayReason = reason;
    }
    return underlay;
  }

  private Wish reaching(IpAddress address) {
    int link = netlink.routeTo(address).outputLink();
    String name = netlink.link(link).map(Link::name).orElse("");
    return new Wish.Reaching(address.toString(), name);
  }
}

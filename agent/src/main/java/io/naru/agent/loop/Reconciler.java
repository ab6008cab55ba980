package io.naru.agent.loop;

import io.naru.agent.kernel.HostSettings;
import io.naru.agent.kernel.KernelReader;
import io.naru.agent.kernel.KernelWriter;
import io.naru.agent.kernel.Steps;
import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.FilterScript;
import io.naru.core.desired.LocalPod;
import io.naru.core.desired.NodeView;
import io.naru.core.error.NaruException;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelState;
import io.naru.core.state.Plan;
import io.naru.core.underlay.HostInterface;
import io.naru.core.underlay.Underlay;
import io.naru.core.underlay.UnderlayChoice;
import io.naru.core.underlay.UnderlayChoice.Wish;
import io.naru.linux.route.Link;
import io.naru.linux.route.RouteNetlink;
import io.naru.store.ClusterSnapshot;
import io.naru.store.ClusterStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private List<String> problemsBefore = List.of();

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

  /** Compares what the scope names and does what is needed. */
  public Pass pass(Scope scope) {
    return switch (scope) {
      case Scope.Everything everything -> pass(false);
      case Scope.Peers(Set<NodeName> names) -> peers(names).orElseGet(() -> pass(false));
    };
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
      return Pass.without(
          Optional.empty(), "waiting for the first word of the store: " + memory.detail());
    }
    try {
      Pass pass = everything(snapshot.get(), mode);
      problemsBefore = pass.problems();
      return pass;
    } catch (NaruException impossible) {
      // What was known stays known: a link that is down for a moment makes no node unready.
      return Pass.without(lastView, impossible.sentence());
    }
  }

  /** Empty where more than these peers changed, or nothing is known to compare them with. */
  private Optional<Pass> peers(Set<NodeName> names) {
    Optional<ClusterSnapshot> snapshot = memory.snapshot();
    if (lastView.isEmpty() || snapshot.isEmpty() || names.contains(intent.name())) {
      return Optional.empty();
    }
    long began = System.nanoTime();
    NodeView before = lastView.get();
    NodeView now = before.withPeers(peers(snapshot.get()));
    if (!snapshot.get().configuration().equals(before.configuration())
        || !FilterScript.sameTable(before, now)) {
      return Optional.empty();
    }
    KernelState present = DesiredState.ofPeers(before, names);
    Plan plan = Plan.between(present, DesiredState.ofPeers(now, names));
    long compared = System.nanoTime();
    List<KernelWriter.Failure> failures = writer.apply(plan);
    lastView = Optional.of(now);
    List<String> problems = new ArrayList<>(problemsBefore);
    failures.forEach(failure -> problems.add(failure.text()));
    return Optional.of(
        new Pass(lastView, plan, failed(failures), problems, timing(0, began, compared)));
  }

  private List<Node> peers(ClusterSnapshot snapshot) {
    return snapshot.nodes().values().stream()
        .filter(node -> !node.name().equals(intent.name()))
        .toList();
  }

  private static PassTiming timing(int entries, long began, long compared) {
    return new PassTiming(
        entries,
        Duration.ofNanos(compared - began),
        Duration.ofNanos(System.nanoTime() - compared));
  }

  private Pass everything(ClusterSnapshot snapshot, Mode mode) {
    long began = System.nanoTime();
    // The kernel is read before the pods: a pod that appears in between is then put twice, while in
    // the other order its route would be taken for a left-over and removed.
    KernelReader.Reading kernel = reader.read();
    Underlay underlay = underlay(kernel.interfaces());
    NodeIntent.requireApart(snapshot.configuration(), underlay); // before any claim
    Optional<Node> published = Optional.ofNullable(snapshot.nodes().get(intent.name()));
    List<Prefix> cidrs = published.map(Node::podCidrs).orElseGet(() -> claim(mode));
    Node self = intent.node(snapshot.configuration(), underlay, cidrs);
    NodeView view =
        new NodeView(snapshot.configuration(), self, underlay, peers(snapshot), pods.get());
    KernelState desired = DesiredState.of(view, kernel.facts());
    List<KernelEntry> present = new ArrayList<>(kernel.ours().entries());
    present.addAll(HostSettings.present(desired));
    lastView = Optional.of(view);
    Plan plan = Plan.between(KernelState.of(present), desired);
    long compared = System.nanoTime();
    int entries = desired.entries().size();
    if (mode == Mode.DRY_RUN) {
      return new Pass(lastView, plan, 0, List.of(), timing(entries, began, compared));
    }
    List<String> problems = new ArrayList<>();
    List<KernelWriter.Failure> failures = mode == Mode.APPLY ? writer.apply(plan) : List.of();
    failures.forEach(failure -> problems.add(failure.text()));
    PassTiming timing = timing(entries, began, compared);
    if (memory.isFresh() && !published.equals(Optional.of(self))) {
      publish(self, problems);
    }
    return new Pass(lastView, plan, failed(failures), problems, timing);
  }

  private static int failed(List<KernelWriter.Failure> failures) {
    return failures.stream().mapToInt(KernelWriter.Failure::operations).sum();
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

  private Underlay underlay(List<HostInterface> interfaces) {
    Wish wish =
        intent
            .interfaceName()
            .<Wish>map(Wish.Named::new)
            .or(() -> intent.canReach().map(this::reaching))
            .orElseGet(Wish.Default::new);
    Underlay underlay = UnderlayChoice.choose(interfaces, wish);
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

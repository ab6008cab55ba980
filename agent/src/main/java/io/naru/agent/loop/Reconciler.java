package io.naru.agent.loop;

import io.naru.agent.kernel.KernelReader;
import io.naru.agent.kernel.KernelWriter;
import io.naru.agent.kernel.Steps;
import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.LocalPod;
import io.naru.core.desired.NodeView;
import io.naru.core.error.NaruException;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
  private final NodePublisher publisher;
  private final RouteNetlink netlink;
  private final KernelReader reader;
  private final KernelWriter writer;
  private final Steps steps;
  private final Supplier<List<LocalPod>> pods;
  private String underlayReason = "";
  private Optional<NodeView> lastView = Optional.empty();

  /** What was known at the last pass that changed the kernel. */
  private Optional<NodeView> appliedView = Optional.empty();

  private List<String> problemsBefore = List.of();
  private long comparisons;
  private List<KernelWriter.Failure> refusedBefore = List.of();
  private Map<String, String> settings = Map.of();

  public Reconciler(
      NodeIntent intent,
      ClusterMemory memory,
      ClusterStore store,
      NodePublisher publisher,
      RouteNetlink netlink,
      KernelReader reader,
      KernelWriter writer,
      Steps steps,
      Supplier<List<LocalPod>> pods) {
    this.intent = intent;
    this.memory = memory;
    this.store = store;
    this.publisher = publisher;
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
    if (appliedView.isEmpty() || snapshot.isEmpty() || names.contains(intent.name())) {
      return Optional.empty();
    }
    long began = System.nanoTime();
    NodeView before = appliedView.get();
    // The others' news have their own pass, which must find what was before them.
    NodeView now = before.withChanged(peers(snapshot.get()), names);
    if (!snapshot.get().configuration().equals(before.configuration())
        || !now.differsInPeersAlone(before, names)) {
      return Optional.empty();
    }
    KernelState present = DesiredState.ofPeers(before, names);
    if (refusedBefore.stream()
        .anyMatch(failure -> present.has(failure.operation().entry().key()))) {
      return Optional.empty(); // what the kernel holds in its place is not known
    }
    Plan plan = Plan.between(present, DesiredState.ofPeers(now, names));
    long compared = System.nanoTime();
    List<KernelWriter.Failure> failures = writer.apply(plan);
    lastView = Optional.of(now);
    appliedView = lastView;
    List<String> problems = new ArrayList<>(problemsBefore);
    problems.addAll(Refusals.told(now, failures));
    refusedBefore = Stream.concat(refusedBefore.stream(), failures.stream()).toList();
    PassTiming timing = timing(0, began, compared);
    return Optional.of(pass(plan, failures, problems, timing));
  }

  private List<Node> peers(ClusterSnapshot snapshot) {
    return snapshot.nodes().values().stream()
        .filter(node -> !node.name().equals(intent.name()))
        .toList();
  }

  private PassTiming timing(int entries, long began, long compared) {
    return new PassTiming(
        comparisons,
        entries,
        Duration.ofNanos(compared - began),
        Duration.ofNanos(System.nanoTime() - compared));
  }

  private Pass everything(ClusterSnapshot snapshot, Mode mode) {
    long began = System.nanoTime();
    comparisons++;
    // The kernel is read before the pods: a pod that appears in between is then put twice, while in
    // the other order its route would be taken for a left-over and removed.
    KernelReader.Reading kernel = reader.read();
    List<String> problems = new ArrayList<>();
    Underlay underlay = underlay(kernel.interfaces(), problems);
    boolean underlayIsThere = problems.isEmpty();
    NodeIntent.requireApart(snapshot.configuration(), underlay); // before any claim
    Optional<Node> published = Optional.ofNullable(snapshot.nodes().get(intent.name()));
    List<Prefix> cidrs = podCidrs(snapshot.configuration(), published, mode);
    Node self = intent.node(snapshot.configuration(), underlay, cidrs);
    NodeView view =
        new NodeView(snapshot.configuration(), self, underlay, peers(snapshot), pods.get());
    KernelState desired = DesiredState.of(view, kernel.facts());
    Map<String, String> ofUnderlay = WatchedSettings.ofUnderlay(underlay.interfaceName());
    KernelState present = kernel.present(desired);
    Plan plan =
        TakenRoutes.regained(
            Plan.between(present, desired), appliedView, kernel.facts(), refusedBefore);
    lastView = Optional.of(view);
    long compared = System.nanoTime();
    int entries = desired.entries().size();
    if (mode == Mode.DRY_RUN) {
      return pass(plan, List.of(), List.of(), timing(entries, began, compared));
    }
    view.mtuProblem().ifPresent(problems::add);
    boolean apply = mode == Mode.APPLY;
    List<KernelWriter.Failure> failures = apply ? writer.apply(plan) : List.of();
    if (apply) {
      refusedBefore = failures;
      appliedView = lastView;
    }
    problems.addAll(Refusals.told(view, failures));
    Plan done = apply ? plan : new Plan(List.of());
    settings = WatchedSettings.after(ofUnderlay, present, failures, done);
    PassTiming timing = timing(entries, began, compared);
    writer.unsaved().ifPresent(problems::add);
    memory.unsaved().ifPresent(problems::add);
    if (underlayIsThere && memory.isFresh()) {
      Optional<Node> unpublished =
          published.equals(Optional.of(self)) ? Optional.empty() : Optional.of(self);
      unpublished.ifPresent(node -> steps.before("publish the node"));
      publisher.keep(unpublished).ifPresent(problems::add);
    }
    return pass(plan, failures, problems, timing);
  }

  private Pass pass(
      Plan plan, List<KernelWriter.Failure> failures, List<String> problems, PassTiming timing) {
    boolean momentary = failures.stream().anyMatch(KernelWriter.Failure::momentary);
    return new Pass(lastView, plan, failed(failures), problems, timing, momentary, settings);
  }

  /** A node that is known keeps its blocks; a family that the network gained, it claims. */
  private List<Prefix> podCidrs(NetworkConfiguration network, Optional<Node> published, Mode mode) {
    if (published.isEmpty()) {
      return claim(mode);
    }
    List<Prefix> known = published.get().podCidrs();
    boolean complete =
        network.clusterCidrs().stream()
            .allMatch(cidr -> published.get().podCidr(cidr.family()).isPresent());
    if (complete || mode == Mode.DRY_RUN || !memory.isConnected()) {
      return known;
    }
    try {
      return claim(mode);
    } catch (NaruException notNow) {
      LOG.warn("no block of the network's new family yet: {}", notNow.sentence());
      return known;
    }
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

  /** While there is none for a moment, what hangs on the last one is kept in repair. */
  private Underlay underlay(List<HostInterface> interfaces, List<String> problems) {
    try {
      return underlay(interfaces);
    } catch (NaruException gone) {
      problems.add(gone.sentence());
      return lastView.map(NodeView::underlay).orElseThrow(() -> gone);
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

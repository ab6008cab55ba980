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
import java.util.Map;
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
  private final NodePublisher publisher;
  private final RouteNetlink netlink;
  private final KernelReader reader;
  private final KernelWriter writer;
  private final Steps steps;
  private final Supplier<List<LocalPod>> pods;
  private String underlayReason = "";
  private Optional<NodeView> lastView = Optional.empty();
  private List<KernelWriter.Failure> lastFailures = List.of();

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

  /**
   * Compares everything and does what is needed.
   *
   * @param dryRun only compare
   */
  public Pass pass(boolean dryRun) {
    Optional<ClusterSnapshot> snapshot = memory.snapshot();
    if (snapshot.isEmpty()) {
      return new Pass(
          Optional.empty(),
          new Plan(List.of()),
          0,
          List.of("waiting for the first word of the store: " + memory.detail()));
    }
    try {
      return pass(snapshot.get(), dryRun);
    } catch (NaruException impossible) {
      // What was known stays known: a link that is down for a moment makes no node unready.
      return new Pass(lastView, new Plan(List.of()), 0, List.of(impossible.sentence()));
    }
  }

  private Pass pass(ClusterSnapshot snapshot, boolean dryRun) {
    List<String> problems = new ArrayList<>();
    Underlay underlay = underlay(problems);
    boolean underlayIsThere = problems.isEmpty();
    NodeIntent.requireApart(snapshot.configuration(), underlay); // before any claim
    Optional<Node> published = Optional.ofNullable(snapshot.nodes().get(intent.name()));
    List<Prefix> cidrs = published.map(Node::podCidrs).orElseGet(() -> claim(dryRun));
    Node self = intent.node(snapshot.configuration(), underlay, cidrs);
    List<Node> peers =
        snapshot.nodes().values().stream()
            .filter(node -> !node.name().equals(intent.name()))
            .toList();

    // The kernel is read before the pods: a pod that appears in between is then put twice, while in
    // the other order its route would be taken for a left-over and removed.
    KernelState ours = reader.read();
    Map<String, String> settings = WatchedSettings.ofUnderlay(underlay.interfaceName());
    HostFacts facts = reader.facts();
    NodeView view = new NodeView(snapshot.configuration(), self, underlay, peers, pods.get());
    KernelState desired = DesiredState.of(view, facts);
    List<KernelEntry> present = new ArrayList<>(ours.entries());
    present.addAll(reader.hostEnds(desired));
    present.addAll(HostSettings.present(desired));
    Plan plan =
        TakenRoutes.regained(
            Plan.between(KernelState.of(present), desired), lastView, facts, lastFailures);
    lastView = Optional.of(view);
    if (dryRun) {
      return new Pass(Optional.of(view), plan, 0, List.of());
    }
    List<KernelWriter.Failure> failures = writer.apply(plan);
    lastFailures = failures;
    problems.addAll(Refusals.told(view, failures));
    writer.unsaved().ifPresent(problems::add);
    memory.unsaved().ifPresent(problems::add);
    if (underlayIsThere && memory.isFresh()) {
      Optional<Node> unpublished =
          published.equals(Optional.of(self)) ? Optional.empty() : Optional.of(self);
      unpublished.ifPresent(node -> steps.before("publish the node"));
      publisher.keep(unpublished).ifPresent(problems::add);
    }
    return new Pass(
        Optional.of(view),
        plan,
        failures.size(),
        problems,
        failures.stream().anyMatch(KernelWriter.Failure::momentary),
        WatchedSettings.after(settings, KernelState.of(present), failures, plan));
  }

  private List<Prefix> claim(boolean dryRun) {
    if (dryRun) {
      return ExpectedClaim.of(memory.snapshot().orElseThrow());
    }
    steps.before("claim a pod CIDR");
    return store.claimPodCidrs(intent.name(), List.of());
  }

  /** While there is none for a moment, what hangs on the last one is kept in repair. */
  private Underlay underlay(List<String> problems) {
    try {
      return underlay();
    } catch (NaruException gone) {
      problems.add(gone.sentence());
      return lastView.map(NodeView::underlay).orElseThrow(() -> gone);
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

package io.naru.agent.service;

import io.naru.agent.kernel.KubeProxy;
import io.naru.agent.service.ServiceProgram.Change;
import io.naru.agent.service.ServiceProgram.Wish;
import io.naru.agent.service.ServiceTable.Found;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.NodeView;
import io.naru.core.error.NaruException;
import io.naru.core.service.BackendChoice;
import io.naru.core.service.BackendPlaces;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceFlows;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServiceScript;
import io.naru.linux.nftables.NftablesEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the services' table as the store, the pods and the paths want it, on a thread of its own:
 * however many services change, the node's routes do not wait for them. A change writes the
 * difference alone. Where somebody else altered the table, it is made anew as a whole, in one
 * transaction; connections go on meanwhile, for connection tracking holds their backends.
 */
public final class ServiceLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceLoop.class);

  /** How often is looked whether a path broke or is well again. */
  private static final Duration PATHS = Duration.ofMillis(500);

  /** How often the whole table is compared, if anybody changed any table meanwhile. */
  private static final Duration COMPARISONS = Duration.ofSeconds(30);

  private static final int LOST = -1; // stands for notices that were lost

  /** After a refusal of the kernel. */
  private static final Duration REST = Duration.ofSeconds(2);

  /** What the loop asks, whenever it looks. */
  public record Sources(
      Supplier<Optional<NodeView>> view,
      Supplier<Optional<Wanted>> wanted,
      Supplier<Set<NodeName>> broken,
      BooleanSupplier paused) {}

  /**
   * What the store says.
   *
   * @param avoidsBrokenPaths whether backends behind broken paths get no connections
   */
  public record Wanted(SortedMap<ServiceName, Service> services, boolean avoidsBrokenPaths) {}

  private final Sources sources;
  private final ServiceTable table = new ServiceTable();
  private final FlowCutter cutter = new FlowCutter();
  private final KubeProxy kubeProxy = new KubeProxy();
  private final ServiceProgram program = new ServiceProgram();
  private final Semaphore news = new Semaphore(0);
  private final Queue<Integer> noticed = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile Optional<String> problem = Optional.empty();

  /** The text the table was made from says so by this chain; empty while it is to be made. */
  private Optional<String> made = Optional.empty();

  private boolean known;
  private boolean told;
  private long compared = System.nanoTime();
  private Optional<Kept> kept = Optional.empty();

  /**
   * What the table was last kept by.
   *
   * @param wish what came of it
   */
  private record Kept(NodeView view, boolean avoidsBrokenPaths, Set<NodeName> broken, Wish wish) {
    /** Whether only services can have changed since then. */
    boolean holdsFor(NodeView otherView, Wanted wanted, Set<NodeName> otherBroken) {
      return avoidsBrokenPaths == wanted.avoidsBrokenPaths()
          && broken.equals(otherBroken)
          && view.equals(otherView);
    }

    /** As cheap as can be: a map that is not the same one is taken for another one. */
    @SuppressWarnings("ReferenceEquality")
    boolean has(SortedMap<ServiceName, Service> services) {
      return wish.services() == services;
    }
  }

  /** Works in the network namespace of the calling thread. */
  public ServiceLoop(Sources sources) {
    this.sources = sources;
    this.thread = Thread.ofPlatform().daemon().name("naru-services").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Something may have changed that services depend on. */
  public void trigger() {
    news.release();
  }

  /** The kernel told of a change of the services' table. */
  public void noticed(NftablesEvent event) {
    switch (event) {
      case NftablesEvent.OfTable(String name, int generation) -> noticed.add(generation);
      case NftablesEvent.OfElements(String name, int generation) -> noticed.add(generation);
      case NftablesEvent.Overflow() -> noticed.add(LOST);
    }
    news.release();
  }

  /** Why the table is not as it should be, or who else has services here, a sentence. */
  public Optional<String> problem() {
    return problem.or(kubeProxy::problem);
  }

  private void run() {
    while (!closed) {
      Duration rest = PATHS;
      try {
        look();
        problem = Optional.empty();
        told = false;
      } catch (NaruException refused) {
        problem = Optional.of("services are not as they should be: " + refused.sentence());
        if (!told) {
          LOG.warn("{}; it is tried again", problem.get());
          told = true;
        }
        known = false;
        rest = REST;
      } catch (RuntimeException mistake) {
        problem = Optional.of("services are not as they should be: " + mistake);
        LOG.error("keeping the services failed by a mistake in Naru; it is tried again", mistake);
        known = false;
        rest = REST;
      }
      await(rest);
    }
  }

  private void await(Duration rest) {
    try {
      if (news.tryAcquire(rest.toMillis(), TimeUnit.MILLISECONDS)) {
        news.drainPermits();
      }
    } catch (InterruptedException end) {
      closed = true;
    }
  }

  private void look() {
    boolean altered = isAltered() || isFoundAltered();
    Optional<NodeView> view = sources.view().get();
    Optional<Wanted> wanted = sources.wanted().get();
    if (altered) {
      known = false;
    }
    if (view.isEmpty() || wanted.isEmpty() || sources.paused().getAsBoolean()) {
      return;
    }
    boolean none = wanted.get().services().isEmpty();
    kubeProxy.look(none ? List.of() : view.get().configuration().services().serviceCidrs());
    if (none) {
      nothing(view.get());
    } else {
      keep(view.get(), wanted.get());
    }
  }

  /** What no notice told of: where notices were lost, or somebody was as quick as this agent. */
  private boolean isFoundAltered() {
    if (!known || made.isEmpty() || System.nanoTime() - compared < COMPARISONS.toNanos()) {
      return false;
    }
    compared = System.nanoTime();
    boolean altered = !table.isAs(program::forEachElement);
    if (altered) {
      LOG.warn("the services' table may have been altered without a notice; it is made anew");
    }
    return altered;
  }

  private boolean isAltered() {
    boolean altered = false;
    for (Integer generation = noticed.poll(); generation != null; generation = noticed.poll()) {
      // Thousands of elements of our own make more notices than there is room for.
      boolean still =
          generation == LOST
              ? made.isEmpty() || table.look(made.get()) == Found.SAME
              : table.isOwn(generation);
      altered |= !still;
    }
    return altered;
  }

  /** A host without services has no such table, which would cost every new connection. */
  private void nothing(NodeView view) {
    if (known && made.isEmpty()) {
      return;
    }
    if (table.exists()) {
      table.delete();
      LOG.info("the services' table is gone: there are no services");
      List<Prefix> blocks = view.configuration().services().serviceCidrs();
      cut(new ServiceFlows(List.of(), List.of(), Wish.NOTHING.choice(), blocks), false);
    }
    program.emptied();
    made = Optional.empty();
    kept = Optional.empty();
    known = true;
  }

  private void keep(NodeView view, Wanted wanted) {
    Set<NodeName> broken = wanted.avoidsBrokenPaths() ? sources.broken().get() : Set.of();
    Optional<Kept> before =
        kept.filter(last -> known && made.isPresent() && last.holdsFor(view, wanted, broken));
    if (before.filter(last -> last.has(wanted.services())).isPresent()) {
      return; // as twice a second, when nothing happens
    }
    long began = System.nanoTime();
    String fingerprint =
        before.flatMap(last -> made).orElseGet(() -> ServiceScript.fingerprintChain(view));
    Found found = Found.SAME;
    boolean anew = !known || !made.equals(Optional.of(fingerprint));
    if (anew) {
      found = table.look(fingerprint);
      program.emptied();
      made = Optional.empty();
    }
    Wish wish =
        before
            .map(last -> last.wish().withServices(wanted.services()))
            .orElseGet(() -> wish(view, wanted, broken));
    Change change = program.toward(wish);
    if (anew) {
      make(view, found, change);
    } else {
      alter(change);
    }
    if (change.elements() > 0) {
      LOG.info(
          "services: {} elements changed in {} ms",
          change.elements(),
          Duration.ofNanos(System.nanoTime() - began).toMillis());
    }
    program.done(wish);
    made = Optional.of(fingerprint);
    known = true;
    kept = Optional.of(new Kept(view, wanted.avoidsBrokenPaths(), broken, wish));
    // What services there were before this agent is not known; that they were ours, the table says.
    List<Prefix> blocks =
        anew && found == Found.SAME ? view.configuration().services().serviceCidrs() : List.of();
    cut(new ServiceFlows(change.before(), change.after(), wish.choice(), blocks), change.hasNew());
  }

  private static Wish wish(NodeView view, Wanted wanted, Set<NodeName> broken) {
    return new Wish(
        wanted.services(),
        new BackendChoice(BackendPlaces.of(view, broken), wanted.avoidsBrokenPaths()),
        new HashSet<>(ServiceScript.hairpins(view)));
  }

  /** Makes the table; where one stands, in one moment, so that no packet falls between the two. */
  private void make(NodeView view, Found found, Change change) {
    String text =
        ServiceScript.table(view, found == Found.SAME) + ServiceScript.chains(change.chains());
    switch (found) {
      case NOTHING -> {
        table.make(text);
        table.change(change.deleted(), change.added());
      }
      case SAME, OTHER -> table.make(text + ServiceScript.added(change.added()));
    }
  }

  /** A chain that nothing leads to changes nothing, so it may come first. */
  private void alter(Change change) {
    if (!change.chains().isEmpty()) {
      table.apply(ServiceScript.chains(change.chains()));
    }
    if (change.elements() > 0) {
      table.change(change.deleted(), change.added());
    }
  }

  /** Whether that succeeds says nothing of the table, which is as it should be. */
  private void cut(ServiceFlows flows, boolean anyNew) {
    try {
      int cut = cutter.cut(flows, flows.toLookAt(anyNew));
      if (cut > 0) {
        LOG.info("services: {} flows to what is no backend were cut", cut);
      }
    } catch (NaruException refused) {
      LOG.warn("flows to backends that are gone go on until they end: {}", refused.sentence());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
    table.close();
    cutter.close();
  }
}

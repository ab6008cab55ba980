package io.naru.agent.node;

import io.naru.agent.api.ApiServer;
import io.naru.agent.api.Reports;
import io.naru.agent.channel.PeerChannels;
import io.naru.agent.cni.NamesAnswered;
import io.naru.agent.dns.NodeNames;
import io.naru.agent.examine.Drifts;
import io.naru.agent.examine.Examination;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.kernel.FilterTables;
import io.naru.agent.kernel.HostSettings;
import io.naru.agent.kernel.KernelReader;
import io.naru.agent.kernel.KernelWriter;
import io.naru.agent.loop.BackgroundPublisher;
import io.naru.agent.loop.ClusterMemory;
import io.naru.agent.loop.NodePublisher;
import io.naru.agent.loop.Pass;
import io.naru.agent.loop.Pause;
import io.naru.agent.loop.ReconcileLoop;
import io.naru.agent.loop.Reconciler;
import io.naru.agent.pod.LocalPods;
import io.naru.agent.pod.PodCollection;
import io.naru.agent.pod.PodNetwork;
import io.naru.agent.pod.PodNetworkSettings;
import io.naru.agent.pod.PodWiring;
import io.naru.agent.probe.Notices;
import io.naru.agent.probe.PathBook;
import io.naru.agent.probe.Prober;
import io.naru.agent.service.ServiceLoop;
import io.naru.agent.trace.Tracer;
import io.naru.agent.trace.Traces;
import io.naru.agent.watch.PathWatch;
import io.naru.channel.file.PrivateFile;
import io.naru.channel.tls.ChannelAcceptor;
import io.naru.channel.tls.TlsDialer;
import io.naru.core.address.InterfaceAddress;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.LocalPod;
import io.naru.core.desired.NodeView;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.route.RouteNetlink;
import io.naru.store.ClusterSnapshot;
import io.naru.store.ClusterStore;
import io.naru.store.StoreWatch;
import io.naru.store.service.RemoteClusterStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's agent. Its start only puts the parts together; what the kernel holds is the loop's work.
 * Its end leaves the data path as it is.
 */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final AgentOptions options;
  private final PathBook paths;
  private final ClusterMemory memory;
  private final RemoteClusterStore store;
  private final Membership membership;
  private final LeaseBook leases;
  private final PodNetwork pods;
  private final PeerChannels channels;
  private final Notices notices;
  private final Prober prober;
  private final PathWatch watch;
  private final Pause pause;
  private final ServiceLoop services;
  private final NodeNames names = new NodeNames();
  private final Upkeep upkeep;
  private final ApiServer api;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final CountDownLatch knowsItsPlace = new CountDownLatch(1);
  private volatile Pass lastPass = Pass.NONE;
  private boolean noticesFound;
  private List<InterfaceAddress> underlayAddresses = List.of();
  private volatile @Nullable Examination examination;
  private volatile @Nullable Traces traces;
  private @Nullable ChannelAcceptor acceptor;
  private @Nullable StoreWatch storeWatch;

  /** The socket answers before the first pass is over: so long a pod waits for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** So many peers at once are no quicker to look at than everything. */
  private static final int MANY = 200;

  private Agent(AgentOptions options) {
    this.options = options;
    SecureRandom random = new SecureRandom();
    NodeName name = options.intent().name();
    PrivateFile.directory(options.stateDirectory());
    PrivateFile.directory(options.runDirectory());
    // Before anything is touched: what looks left over may be another agent's work in progress.
    opened.add(AgentLock.take(options));
    options.removeDrafts();
    Examination.sweep();
    paths = new PathBook(System::nanoTime, random::nextLong);
    leases = new LeaseBook(options.pods());
    FilterTables filters = FilterTables.open(options.runDirectory());
    opened.add(filters);
    memory = new ClusterMemory(options.cluster(), this::clusterChanged, this::servicesChanged);
    opened.add(memory);
    pause = new Pause(options.paused(), this::changed, InstantSource.system());
    NetworkNamespace here = NetworkNamespace.current();
    opened.add(here);
    PodWiring wiring = new PodWiring(here);
    opened.add(wiring);
    pods =
        new PodNetwork(leases, wiring, this::podSettings, InstantSource.system(), key -> changed());
    pods.clean(); // what an agent before this one left half done
    watch =
        new PathWatch(
            name,
            () -> paths.judge(Instant.now()),
            peer -> paths.channel(peer).isRefused(),
            paths.lateness()::isLate,
            peers -> ready(examination).runInBackground(peers),
            InstantSource.system());
    opened.add(watch);
    // The socket comes early: it lets people see what the agent waits for.
    api =
        ApiServer.start(
            options.socket(),
            new Reports(name, options.version(), memory, this::told, pause, paths, leases, filters),
            pods,
            pause,
            () -> ready(examination),
            watch::history,
            () -> ready(traces));
    opened.add(api);
    opened.add(PodCollection.start(pods));
    membership = Membership.of(options);
    store = membership.store();
    opened.add(store);
    opened.add(CertificateRenewal.start(membership.identity(), options.identity(), store::renew));
    channels = new PeerChannels(name, TlsDialer.of(membership.identity()), paths);
    opened.add(channels);
    examination = new Examination(name, () -> lastPass, pause, paths, channels, leases);
    channels.testify(examination::testimony);
    traces = new Traces(new Tracer(name, () -> lastPass, leases), channels);
    notices = new Notices(store);
    prober = new Prober(paths, channels, notices);
    opened.add(prober);
    RouteNetlink netlink = RouteNetlink.open();
    opened.add(netlink);
    BackgroundPublisher publisher = new BackgroundPublisher(store, this::changed);
    opened.add(publisher);
    services = NodeServices.of(name, () -> lastPass, memory, paths, pause);
    opened.add(services);
    opened.add(names);
    upkeep =
        new Upkeep(
            reconciler(
                options, memory, store, publisher, netlink, filters, () -> LocalPods.of(leases)),
            ReconcileLoop.FULL_COMPARISON,
            this::passed,
            pause,
            services::noticed);
    opened.add(upkeep);
  }

  static Reconciler reconciler(
      AgentOptions options,
      ClusterMemory memory,
      ClusterStore store,
      NodePublisher publisher,
      RouteNetlink netlink,
      FilterTables filters,
      Supplier<List<LocalPod>> pods) {
    return new Reconciler(
        options.intent(),
        memory,
        store,
        publisher,
        netlink,
        new KernelReader(netlink, filters),
        new KernelWriter(netlink, filters, new HostSettings(options.settings()), options.steps()),
        options.steps(),
        pods);
  }

  /**
   * Starts an agent on this host.
   *
   * @throws NaruException CONFLICT if one runs already; else what is missing for a start
   */
  public static Agent start(AgentOptions options) {
    Agent agent = new Agent(options);
    agent.storeWatch = agent.store.watch(agent.memory);
    agent.watch.start();
    agent.upkeep.start();
    agent.services.start();
    agent.prober.start();
    agent.opened.add(IdleMemory.start());
    return agent;
  }

  private static <T> T ready(@Nullable T part) {
    if (part == null) {
      throw new NaruException(ErrorCode.UNAVAILABLE, "the agent is only starting; try again");
    }
    return part;
  }

  private void clusterChanged(Set<NodeName> touched) {
    if (touched.isEmpty() || touched.size() > MANY) {
      changed();
    } else if (upkeep != null) {
      upkeep.trigger(touched);
    }
  }

  private void servicesChanged() {
    if (services != null) {
      services.trigger();
    }
    memory.snapshot().ifPresent(snapshot -> names.services(snapshot.services()));
  }

  /** The last pass, with what its loop knows nothing of. */
  private Pass told() {
    Optional<String> ofServices = services == null ? Optional.empty() : services.problem();
    return lastPass.alsoTelling(
        Stream.concat(ofServices.stream(), names.problem().stream()).toList());
  }

  private void changed() {
    if (upkeep != null) {
      upkeep.trigger();
    }
  }

  /** After each pass, on the loop's thread: the rest of the agent follows what is known now. */
  private void passed(Pass pass) {
    boolean nothingNew = pass.view().isPresent() && pass.view().equals(lastPass.view());
    if (nothingNew && pass.failedOperations() == 0 && pause.since().isEmpty()) {
      watch.repaired(Drifts.of(pass.plan(), pass.view().get()));
    }
    lastPass = pass;
    services.trigger();
    pass.view().ifPresent(this::follow);
    if (pass.view().isPresent()) {
      knowsItsPlace.countDown();
    }
    // After it: a pod that is being attached waits for that.
    if (pause.since().isEmpty()) {
      pass.view().ifPresent(view -> pods.followMtu(view.podMtu()));
    }
  }

  private void follow(NodeView view) {
    ClusterSnapshot snapshot = memory.snapshot().orElseThrow();
    if (acceptor == null) {
      PeerListener.open(view, options, membership, channels)
          .ifPresent(
              opening -> {
                acceptor = opening;
                opened.addFirst(opening);
              });
    }
    if (!noticesFound && memory.isFresh()) {
      noticesFound = true;
      notices.found(
          snapshot.notices().stream()
              .filter(notice -> notice.observer().equals(view.self().name()))
              .toList());
    }
    if (!view.underlay().addresses().containsAll(underlayAddresses)) {
      store.reconnect(); // what it sends from an address that is gone reaches nobody
    }
    underlayAddresses = view.underlay().addresses();
    channels.update(view.peers(), snapshot.pinnedKeys());
    names.services(snapshot.services());
    names.follow(view);
    prober.update(view);
    paths.notices(snapshot.notices());
  }

  private PodNetworkSettings podSettings() {
    try {
      knowsItsPlace.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
    NodeView view =
        lastPass
            .view()
            .orElseThrow(
                () ->
                    new NaruException(
                        ErrorCode.UNAVAILABLE,
                        "the agent has not got so far yet: "
                            + lastPass.problems().stream().findFirst().orElse("it is starting")));
    return PodNetworkSettings.of(view.self().podCidrs(), view.podMtu())
        .with(
            new NamesAnswered(names.listening(), view.configuration().services().clusterDomain()));
  }

  /** Ends the agent; pods' packets flow on. */
  @Override
  public void close() {
    if (storeWatch != null) {
      storeWatch.close();
    }
    for (AutoCloseable part : opened.reversed()) {
      try {
        part.close();
      } catch (Exception notClosed) {
        LOG.debug("a part of the agent did not close", notClosed);
      }
    }
  }
}

package io.naru.store.engine;

import io.naru.core.address.Prefix;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServiceWish;
import io.naru.store.ClusterSnapshot;
import io.naru.store.ClusterStore;
import io.naru.store.StoreListener;
import io.naru.store.StoreWatch;
import io.naru.store.state.ClusterState;
import io.naru.store.state.Command;
import io.naru.store.state.StateEvent;
import io.naru.store.state.Transition;
import io.naru.store.state.Transitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store in this program: one thread applies commands in order, and one commit serves many. */
public abstract class EngineClusterStore implements ClusterStore {
  private static final Logger LOG = LoggerFactory.getLogger(EngineClusterStore.class);
  private static final int MOST_IN_ONE_COMMIT = 512;
  private static final int MOST_WAITING = 8192;

  private record Pending(Command command, CompletableFuture<ClusterState> done) {}

  /** Ends the writer. An interrupt would do it too, but closes the file under a commit. */
  private static final Pending STOP =
      new Pending(new Command.BindAuthority(""), new CompletableFuture<>());

  private record Applied(Pending pending, ClusterState state) {}

  private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(MOST_WAITING);
  private final ChangeFeed feed = new ChangeFeed();
  private final Journal journal;
  private final Thread writer;
  private volatile ClusterState state;
  private volatile boolean closed;
  private @Nullable NaruException broken;

  protected EngineClusterStore(ClusterState initial, Journal journal) {
    this.state = initial;
    this.journal = journal;
    feed.publish(initial.snapshot(), List.of());
    feed.connected();
    writer = Thread.ofPlatform().daemon().name("naru-store").unstarted(this::write);
    writer.start();
  }

  /** The state now. */
  public final ClusterState state() {
    return state;
  }

  /** What watches wait at. */
  public final ChangeFeed feed() {
    return feed;
  }

  /** Applies a command; returns the state in which it is done, when it is as safe as can be. */
  public final ClusterState execute(Command command) {
    Pending pending = new Pending(command, new CompletableFuture<>());
    if (closed) {
      throw closedStore();
    }
    if (!queue.offer(pending)) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "the store has too much to do; it answers again in a moment");
    }
    if (closed && queue.remove(pending)) {
      throw closedStore();
    }
    try {
      return pending.done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NaruException(ErrorCode.UNAVAILABLE, "waiting for the store was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NaruException refused) {
        throw new NaruException(refused.code(), refused.sentence(), refused);
      }
      throw new NaruException(ErrorCode.INTERNAL, "the store failed", e.getCause());
    }
  }

  private static NaruException closedStore() {
    return new NaruException(ErrorCode.UNAVAILABLE, "the store is closed");
  }

  private void write() {
    List<Pending> batch = new ArrayList<>();
    boolean stopping = false;
    while (!stopping) {
      try {
        batch.add(queue.take());
      } catch (InterruptedException nobodyShould) {
        LOG.warn("the store's writer was interrupted and goes on");
        continue;
      }
      queue.drainTo(batch, MOST_IN_ONE_COMMIT - 1);
      stopping = batch.removeIf(pending -> pending.done == STOP.done);
      commit(batch);
      batch.clear();
    }
  }

  private void commit(List<Pending> batch) {
    ClusterState reached = state;
    List<Applied> applied = new ArrayList<>();
    List<StateEvent> events = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (Pending pending : batch) {
      try {
        if (broken != null) {
          throw broken;
        }
        Transition transition = Transitions.apply(reached, pending.command);
        if (!transition.events().isEmpty()) {
          reached = transition.next();
          events.addAll(transition.events());
          changes.add(Change.of(reached.revision(), transition.events()));
        }
        applied.add(new Applied(pending, reached));
      } catch (RuntimeException refused) {
        pending.done.completeExceptionally(refused);
      }
    }
    if (!events.isEmpty()) {
      try {
        journal.append(events, reached.revision());
      } catch (RuntimeException e) {
        broken =
            new NaruException(
                ErrorCode.FILE_FAILED,
                "the store cannot write any more and refuses every change: "
                    + e.getMessage()
                    + "; free the disk or repair it, then restart the server",
                e);
        LOG.error(broken.sentence(), e);
        NaruException failure = broken;
        applied.forEach(done -> done.pending.done.completeExceptionally(failure));
        return;
      }
      state = reached;
      feed.publish(reached.snapshot(), changes);
    }
    applied.forEach(done -> done.pending.done.complete(done.state));
  }

  @Override
  public final NetworkConfiguration configuration() {
    return state.configuration();
  }

  @Override
  public final ClusterSnapshot snapshot() {
    return state.snapshot();
  }

  @Override
  public final List<Prefix> claimPodCidrs(NodeName node, List<Prefix> wanted) {
    return claimed(execute(new Command.ClaimPodCidrs(node, wanted)), node);
  }

  @Override
  public final List<Prefix> claimExactPodCidrs(NodeName node, List<Prefix> exact) {
    return claimed(execute(new Command.ClaimExactPodCidrs(node, exact)), node);
  }

  private static List<Prefix> claimed(ClusterState after, NodeName node) {
    return after.claims().getOrDefault(node, List.of());
  }

  @Override
  public final void publishNode(Node node) {
    execute(new Command.PublishNode(node));
  }

  @Override
  public final void registerForeignNodes(List<ForeignNode> nodes) {
    execute(new Command.RegisterForeignNodes(nodes));
  }

  @Override
  public final void withdrawNode(NodeName node) {
    execute(new Command.WithdrawNode(node));
  }

  @Override
  public final void publishNotice(PathNotice notice) {
    execute(new Command.PublishNotice(notice));
  }

  @Override
  public final void withdrawNotice(PathId path, NodeName observer) {
    execute(new Command.WithdrawNotice(path, observer));
  }

  @Override
  public final List<Service> putServices(List<ServiceWish> wishes) {
    ClusterState after = execute(new Command.PutServices(wishes));
    return wishes.stream()
        .map(wish -> after.services().get(wish.service().name()))
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public final void removeServices(List<ServiceName> names) {
    execute(new Command.RemoveServices(names));
  }

  @Override
  public final StoreWatch watch(StoreListener listener) {
    return FeedWatch.start(feed, listener);
  }

  /** Finishes what was accepted and closes the journal. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    feed.close();
    boolean interrupted = false;
    boolean told = false;
    while (!told || writer.isAlive()) {
      try {
        told = told || queue.offer(STOP, 1, TimeUnit.SECONDS);
        writer.join(1000);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    queue.forEach(pending -> pending.done.completeExceptionally(closedStore()));
    journal.close();
  }
}

package io.naru.agent.node;

import io.naru.agent.loop.Pass;
import io.naru.agent.loop.Pause;
import io.naru.agent.loop.ReconcileLoop;
import io.naru.agent.loop.Reconciler;
import io.naru.core.cluster.NodeName;
import io.naru.linux.nftables.NftablesEvent;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The loop with all that triggers it from within the node. It works on the network namespace of the
 * thread that makes and starts it.
 */
final class Upkeep implements AutoCloseable {
  private final Consumer<Pass> listener;
  private final ReconcileLoop loop;
  private final KernelEvents events;
  private final SettingsWatch settings;

  /**
   * @param fullComparison how often everything is compared unasked
   * @param listener told of every pass, on the loop's thread
   * @param pause says of each pass whether it may change the kernel
   * @param services told of changes of the services' table
   */
  Upkeep(
      Reconciler reconciler,
      Duration fullComparison,
      Consumer<Pass> listener,
      Pause pause,
      Consumer<NftablesEvent> services) {
    this.listener = listener;
    this.loop = new ReconcileLoop(reconciler, fullComparison, this::passed, pause);
    this.events = new KernelEvents(loop::trigger, services);
    this.settings = new SettingsWatch(loop::trigger);
  }

  private void passed(Pass pass) {
    settings.follow(pass);
    events.follow(pass);
    listener.accept(pass);
  }

  void start() {
    loop.start();
  }

  /** Something else may have changed. */
  void trigger() {
    loop.trigger();
  }

  /** What the store says of these nodes changed; of none: anything may have. */
  void trigger(Set<NodeName> peers) {
    if (peers.isEmpty()) {
      loop.trigger();
    } else {
      loop.trigger(peers);
    }
  }

  @Override
  public void close() {
    events.close();
    settings.close();
    loop.close();
  }
}

package io.naru.agent.examine;

import io.naru.agent.channel.PeerChannels;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.loop.Pass;
import io.naru.agent.loop.Pause;
import io.naru.agent.probe.PathBook;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.ClusterEvidence;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.error.NaruException;
import io.naru.linux.call.Rest;
import io.naru.observe.filter.DropTrace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who wants an examination, and who waits for one: it is one at a time, and what is done in the
 * background makes way.
 */
public final class Examination {
  private static final Logger LOG = LoggerFactory.getLogger(Examination.class);

  /** What an interrupt does to it. */
  static final String BROKEN_OFF = "the examination was broken off";

  /** A peer may have to end an examination of its own before it begins ours. */
  private static final Duration PEERS_PATIENCE = Duration.ofSeconds(9);

  /** More words on paths would not fit into one line of the channel. */
  private static final int MOST_PATHS = 1000;

  private final NodeName self;
  private final Supplier<Pass> pass;
  private final PeerChannels channels;
  private final CloseLook look;
  private final SharedLook<NodeEvidence> looks = new SharedLook<>(System::nanoTime);

  public Examination(
      NodeName self,
      Supplier<Pass> pass,
      Pause pause,
      PathBook book,
      PeerChannels channels,
      LeaseBook leases) {
    this.self = self;
    this.pass = pass;
    this.channels = channels;
    this.look = new CloseLook(self, pass, pause, book, channels, leases);
  }

  /** Removes what an examination of an agent that was killed left on this host. */
  public static void sweep() {
    try {
      DropTrace.sweep();
    } catch (NaruException kept) {
      LOG.warn("a trace of the packet filter may be left over: {}", kept.sentence());
    }
  }

  /**
   * Takes two to four seconds. Somebody waits for it: what is examined in the background is broken
   * off.
   *
   * @throws NaruException UNAVAILABLE while the agent is only starting
   */
  public NodeEvidence run() {
    Set<NodeName> peers = channels.peers();
    NodeView view = pass.get().viewOf(self);
    return looks.now(peers, about -> look.at(view, about, true));
  }

  private NodeEvidence runInterruptibly(Set<NodeName> peers) {
    NodeView view = pass.get().viewOf(self);
    return looks.whileNobodyWaits(peers, about -> look.at(view, about, false));
  }

  /**
   * The whole cluster's: this node's, and that of every peer whose agent can be asked.
   *
   * @throws NaruException UNAVAILABLE while the agent is only starting
   */
  public ClusterEvidence runEverywhere() {
    return together(channels.peers(), false, this::run);
  }

  /** This node's and that of these peers, while nobody waits for it. */
  public ClusterEvidence runInBackground(Set<NodeName> peers) {
    return together(peers, true, () -> runInterruptibly(peers));
  }

  private ClusterEvidence together(
      Set<NodeName> peers, boolean aboutUs, Supplier<NodeEvidence> own) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ClusterEvidence> others =
          threads.submit(() -> channels.examine(peers, aboutUs, PEERS_PATIENCE));
      List<NodeEvidence> evidence = new ArrayList<>();
      evidence.add(own.get());
      ClusterEvidence heard = others.get();
      evidence.addAll(heard.nodes());
      return new ClusterEvidence(evidence, heard.unasked());
    } catch (ExecutionException mistake) {
      throw new IllegalStateException("the peers could not be asked", mistake.getCause());
    } catch (InterruptedException stop) {
      throw Rest.brokenOff(stop, BROKEN_OFF);
    }
  }

  /**
   * For a peer that asks: nothing where this agent cannot look.
   *
   * @param about the peers that matter to it
   */
  public Optional<NodeEvidence> testimony(Set<NodeName> about) {
    return testimony(about, true);
  }

  private Optional<NodeEvidence> testimony(Set<NodeName> about, boolean again) {
    try {
      NodeEvidence evidence = runInterruptibly(about);
      return Optional.of(evidence.paths().size() > MOST_PATHS ? evidence.aboutTrouble() : evidence);
    } catch (NaruException brokenOff) {
      // Somebody here wanted to know at once: what that sees will do for the peer as well.
      return Thread.interrupted() && again ? testimony(about, false) : Optional.empty();
    }
  }
}

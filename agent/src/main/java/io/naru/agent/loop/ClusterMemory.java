package io.naru.agent.loop;

import io.naru.core.cluster.NodeName;
import io.naru.store.ClusterSnapshot;
import io.naru.store.StoreListener;
import io.naru.store.Touched;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last word of the store, kept on disk: an agent that starts while the store is away knows its
 * peers all the same. Safe for use by several threads.
 */
public final class ClusterMemory implements StoreListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterMemory.class);

  private final Optional<SnapshotFile> file;
  private final Consumer<Set<NodeName>> changed;
  private final Runnable servicesChanged;
  private Optional<ClusterSnapshot> snapshot;
  private boolean fresh;
  private boolean connected;
  private Instant since = Instant.now();
  private String detail = "not reached yet";

  /**
   * @param file where the last snapshot is kept
   * @param changed called after a change of nodes or of the configuration, with the nodes that it
   *     touched, none where everything is to be looked at; also where a snapshot could not be
   *     saved, which {@link #unsaved} tells
   */
  public ClusterMemory(Path file, Consumer<Set<NodeName>> changed) {
    this(file, changed, () -> {});
  }

  /**
   * @param file where the last snapshot is kept
   * @param changed called after a change of nodes or of the configuration, with the nodes that it
   *     touched, none where everything is to be looked at
   * @param servicesChanged called after a change of services or of the configuration, and with the
   *     first word of the store
   */
  public ClusterMemory(Path file, Consumer<Set<NodeName>> changed, Runnable servicesChanged) {
    SnapshotFile kept = new SnapshotFile(file, () -> changed.accept(Set.of()));
    this.file = Optional.of(kept);
    this.changed = changed;
    this.servicesChanged = servicesChanged;
    this.snapshot = kept.load();
  }

  private ClusterMemory(ClusterSnapshot snapshot) {
    this.file = Optional.empty();
    this.changed = touched -> {};
    this.servicesChanged = () -> {};
    this.snapshot = Optional.of(snapshot);
  }

  /** A memory of one snapshot, which leaves no file behind. */
  public static ClusterMemory of(ClusterSnapshot snapshot) {
    return new ClusterMemory(snapshot);
  }

  @Override
  public void changed(ClusterSnapshot now, Touched touched) {
    Optional<ClusterSnapshot> before;
    boolean first;
    synchronized (this) {
      before = snapshot;
      snapshot = Optional.of(now);
      first = !fresh;
      fresh = true;
    }
    boolean configuration =
        touched.configuration()
            && before.map(old -> !old.configuration().equals(now.configuration())).orElse(true);
    // The first word names all there is; afterwards whoever says "configuration" means everything.
    if (first || !touched.nodes().isEmpty() || touched.configuration()) {
      boolean everything = configuration || !first && touched.configuration();
      changed.accept(everything ? Set.of() : touched.nodes());
    }
    if (first || touched.services() || configuration) {
      servicesChanged.run();
    }
    // Last: to compare thousands of nodes takes its time.
    if (configuration || before.map(old -> differ(old, now, touched)).orElse(true)) {
      file.ifPresent(kept -> kept.keep(now));
    }
  }

  private static boolean differ(ClusterSnapshot old, ClusterSnapshot now, Touched touched) {
    return !touched.nodes().isEmpty() && !old.nodes().equals(now.nodes())
        || touched.services() && !old.servicesThatDiffer(now).isEmpty();
  }

  /**
   * Tries again to save what could not be saved.
   *
   * @return why it still cannot be, a sentence
   */
  public Optional<String> unsaved() {
    return file.flatMap(SnapshotFile::unsaved);
  }

  @Override
  public synchronized void connected() {
    if (!connected) {
      LOG.info("the store answers");
      since = Instant.now();
    }
    connected = true;
    detail = "answers";
  }

  @Override
  public synchronized void disconnected(String why) {
    if (connected || !detail.equals(why)) {
      LOG.warn("the store does not answer, everything stays as it is: {}", why);
    }
    if (connected) {
      since = Instant.now();
    }
    connected = false;
    detail = why;
  }

  public synchronized Optional<ClusterSnapshot> snapshot() {
    return snapshot;
  }

  /** Whether the snapshot came from the store since this agent started. */
  public synchronized boolean isFresh() {
    return fresh;
  }

  public synchronized boolean isConnected() {
    return connected;
  }

  public synchronized Instant since() {
    return since;
  }

  public synchronized String detail() {
    return detail;
  }

  /** Saves now what is not saved yet. */
  void flush() {
    file.ifPresent(SnapshotFile::flush);
  }

  /** Saves what is not saved yet. */
  @Override
  public void close() {
    file.ifPresent(SnapshotFile::close);
  }
}

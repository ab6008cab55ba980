package io.naru.agent.loop;

import io.naru.channel.file.PrivateFile;
import io.naru.channel.frame.Json;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.NaruException;
import io.naru.store.ClusterSnapshot;
import io.naru.store.StoreListener;
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
public final class ClusterMemory implements StoreListener {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterMemory.class);

  /** About 450 bytes a node: enough for a hundred thousand of them. */
  private static final int LARGEST = 64 << 20;

  private final Optional<Path> file;
  private final Consumer<Set<NodeName>> changed;
  private Optional<ClusterSnapshot> snapshot;
  private boolean fresh;
  private boolean connected;
  private Instant since = Instant.now();
  private String detail = "not reached yet";
  private final Object saving = new Object();
  private Optional<ClusterSnapshot> unsaved = Optional.empty();
  private String trouble = "";

  /**
   * @param file where the last snapshot is kept
   * @param changed called after every change with the nodes that it touched, none where it is the
   *     configuration's
   */
  public ClusterMemory(Path file, Consumer<Set<NodeName>> changed) {
    this.file = Optional.of(file);
    this.changed = changed;
    this.snapshot = load(file);
  }

  private ClusterMemory(ClusterSnapshot snapshot) {
    this.file = Optional.empty();
    this.changed = touched -> {};
    this.snapshot = Optional.of(snapshot);
  }

  /** A memory of one snapshot, which leaves no file behind. */
  public static ClusterMemory of(ClusterSnapshot snapshot) {
    return new ClusterMemory(snapshot);
  }

  private static Optional<ClusterSnapshot> load(Path file) {
    try {
      return PrivateFile.read(file, LARGEST).map(text -> Json.read(text, ClusterSnapshot.class));
    } catch (NaruException unreadable) {
      LOG.warn("starting without the remembered cluster: {}", unreadable.sentence());
      return Optional.empty();
    }
  }

  @Override
  public void changed(ClusterSnapshot now, Set<NodeName> touched) {
    Optional<ClusterSnapshot> before;
    synchronized (this) {
      before = snapshot;
      snapshot = Optional.of(now);
      fresh = true;
    }
    changed.accept(touched); // first: to compare and write thousands of nodes takes its time
    if (before.map(old -> differ(old, now)).orElse(true)) {
      save(now);
    }
  }

  private static boolean differ(ClusterSnapshot old, ClusterSnapshot now) {
    return !old.nodes().equals(now.nodes()) || !old.configuration().equals(now.configuration());
  }

  /** Only the newest is worth saving: one at a time, and not while the snapshot changes. */
  private void save(ClusterSnapshot now) {
    synchronized (saving) {
      try {
        file.ifPresent(path -> PrivateFile.write(path, Json.write(now)));
        unsaved = Optional.empty();
      } catch (NaruException notSaved) {
        unsaved = Optional.of(now);
        trouble = "the cluster is not remembered across a restart: " + notSaved.sentence();
      }
    }
  }

  /**
   * Tries again to save what could not be saved.
   *
   * @return why it still cannot be, a sentence
   */
  public Optional<String> unsaved() {
    synchronized (saving) {
      unsaved.ifPresent(this::save);
      return unsaved.map(snapshotThere -> trouble);
    }
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
}

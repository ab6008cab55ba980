package io.naru.agent.loop;

import io.naru.channel.file.PrivateFile;
import io.naru.channel.frame.Json;
import io.naru.core.error.NaruException;
import io.naru.store.ClusterSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the last snapshot is kept. To write thousands of services takes its time, so that happens
 * on a thread of its own, which there is only while there is something to write: the newest is
 * written, at most one in a second. Safe for use by several threads.
 */
final class SnapshotFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFile.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration FIRST = Duration.ofMillis(100);

  /** As much as a watch takes; about 450 bytes a node, 500 a service of three backends. */
  private static final int LARGEST = 256 << 20;

  private final Path file;
  private final Runnable told;
  private final Object writing = new Object();
  private Optional<ClusterSnapshot> wanted = Optional.empty();
  private Optional<ClusterSnapshot> failed = Optional.empty();
  private String trouble = "";
  private boolean busy;
  private boolean closed;
  private long quietUntil = System.nanoTime();

  /**
   * @param told called when a snapshot could not be written, on the thread that tried
   */
  SnapshotFile(Path file, Runnable told) {
    this.file = file;
    this.told = told;
  }

  /** What was kept; nothing if it cannot be read. */
  Optional<ClusterSnapshot> load() {
    try {
      return PrivateFile.read(file, LARGEST).map(text -> Json.read(text, ClusterSnapshot.class));
    } catch (NaruException unreadable) {
      LOG.warn("starting without the remembered cluster: {}", unreadable.sentence());
      return Optional.empty();
    }
  }

  /** Keeps a snapshot, soon. */
  synchronized void keep(ClusterSnapshot snapshot) {
    wanted = Optional.of(snapshot);
    if (!busy && !closed) {
      // What the change is for comes first.
      quietUntil = Math.max(quietUntil, System.nanoTime() + FIRST.toNanos());
      busy = true;
      Thread.ofPlatform().daemon().name("naru-memory").start(this::writeAll);
    }
  }

  private void writeAll() {
    boolean before = isTroubled();
    while (isTime()) {
      write();
      if (!before && isTroubled()) {
        told.run();
      }
      before = isTroubled();
    }
  }

  private synchronized boolean isTroubled() {
    return failed.isPresent();
  }

  /** Waits until the next one may be written; no longer if there is none. */
  private synchronized boolean isTime() {
    try {
      long left = quietUntil - System.nanoTime();
      while (left > 0 && wanted.isPresent() && !closed) {
        wait(left / 1_000_000 + 1);
        left = quietUntil - System.nanoTime();
      }
    } catch (InterruptedException nobodyShould) {
      LOG.debug("writing the snapshot was interrupted and goes on");
    }
    busy = wanted.isPresent() && !closed;
    return busy;
  }

  /** One at a time: an older one never comes after a newer one. */
  private void write() {
    synchronized (writing) {
      Optional<ClusterSnapshot> newest;
      synchronized (this) {
        newest = wanted.or(() -> failed);
        wanted = Optional.empty();
        quietUntil = System.nanoTime() + PAUSE.toNanos();
      }
      Optional<String> why = newest.flatMap(this::written);
      synchronized (this) {
        failed = why.isPresent() ? newest : Optional.empty();
        trouble = why.orElse("");
      }
    }
  }

  private Optional<String> written(ClusterSnapshot snapshot) {
    try {
      PrivateFile.write(file, Json.write(snapshot));
      return Optional.empty();
    } catch (NaruException notSaved) {
      return Optional.of("the cluster is not remembered across a restart: " + notSaved.sentence());
    }
  }

  /**
   * Tries again to save what could not be saved.
   *
   * @return why it still cannot be, a sentence
   */
  Optional<String> unsaved() {
    if (isTroubled()) {
      write();
    }
    synchronized (this) {
      return failed.map(snapshotThere -> trouble);
    }
  }

  /** Writes now what is not written yet. */
  void flush() {
    write();
  }

  /** Writes what is not written yet, and nothing after that. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    write();
  }
}

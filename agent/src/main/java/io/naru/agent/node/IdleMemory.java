package io.naru.agent.node;

import io.naru.core.error.NaruException;
import io.naru.linux.memory.MappedFile;
import io.naru.linux.memory.OwnMemory;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what only a start needs: garbage, once, and again and again the pages of mapped files.
 * The JVM and its cache of classes are some 45 MB of them. What is touched comes back from the page
 * cache at once.
 */
final class IdleMemory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IdleMemory.class);

  /** A start is over by then. */
  private static final Duration FIRST = Duration.ofSeconds(5);

  private static final Duration THEN = Duration.ofSeconds(8);

  /** Smaller files are not worth a system call. */
  private static final long LEAST_BYTES = 1 << 20;

  private final Thread thread;

  private IdleMemory() {
    thread = Thread.ofVirtual().name("naru-idle-memory").start(this::keepReleasing);
  }

  static IdleMemory start() {
    return new IdleMemory();
  }

  private void keepReleasing() {
    try {
      List<MappedFile> atFirst = OwnMemory.mappedFiles();
      Thread.sleep(FIRST);
      collectGarbage();
      // Mapped all the time: not a library that is just being loaded.
      List<MappedFile> files =
          OwnMemory.mappedFiles().stream()
              .filter(file -> file.bytes() >= LEAST_BYTES && atFirst.contains(file))
              .toList();
      files.forEach(OwnMemory::mapSparsely);
      while (!Thread.currentThread().isInterrupted()) {
        files.forEach(OwnMemory::release);
        Thread.sleep(THEN);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } catch (NaruException refused) {
      LOG.warn("the agent uses more memory than it needs: {}", refused.sentence());
    }
  }

  /** The heap shrinks only when all of it was collected. */
  private static void collectGarbage() {
    System.gc();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}

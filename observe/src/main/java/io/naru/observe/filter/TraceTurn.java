package io.naru.observe.filter;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The turn to trace in a network namespace: one program at a time, and one thread of it, since the
 * table's name is the same for all. The kernel gives back the turn of a program that was killed.
 */
final class TraceTurn implements AutoCloseable {
  /** Where only root may make files, also under the agent's unit. */
  private static final Path DIRECTORY = Path.of("/run/naru");

  /** Of the thread that asks, which may be in another namespace than its process. */
  private static final Path NAMESPACE = Path.of("/proc/thread-self/ns/net");

  /** Locks on files are a process's: its threads need one of their own. */
  private static final Map<Path, Semaphore> WITHIN_PROCESS = new ConcurrentHashMap<>();

  private static final Duration STEP = Duration.ofMillis(20);

  private final Semaphore within;
  private final Path file;
  private final FileChannel channel;
  private final boolean madeDirectory;

  private TraceTurn(Semaphore within, Path file, FileChannel channel, boolean madeDirectory) {
    this.within = within;
    this.file = file;
    this.channel = channel;
    this.madeDirectory = madeDirectory;
  }

  /**
   * Waits for the turn in the calling thread's namespace; empty if others have it all that time, or
   * the thread is interrupted.
   *
   * @throws NaruException UNAVAILABLE where /proc cannot be read, FILE_FAILED without a place for
   *     the lock
   */
  static Optional<TraceTurn> take(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    Path file = file();
    Semaphore within = WITHIN_PROCESS.computeIfAbsent(file, each -> new Semaphore(1));
    boolean makesDirectory = Files.notExists(DIRECTORY);
    boolean kept = false;
    int tries = 0;
    try {
      if (!within.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return Optional.empty();
      }
      kept = true;
      do {
        Optional<FileChannel> channel = locked(file);
        if (channel.isPresent()) {
          kept = false;
          return Optional.of(new TraceTurn(within, file, channel.get(), makesDirectory));
        }
        Thread.sleep(STEP);
      } while (System.nanoTime() < end || tries++ < 1); // the first one may only make the file
    } catch (InterruptedException | ClosedByInterruptException stop) {
      boolean _ = Thread.interrupted(); // no channel can be locked while it is set
      if (kept) {
        withdraw(file);
      }
      Thread.currentThread().interrupt();
    } catch (IOException refused) {
      throw new NaruException(
          ErrorCode.FILE_FAILED,
          file + " cannot be made, which tells other programs that a trace runs: " + refused,
          refused);
    } finally {
      if (kept) {
        within.release();
      }
    }
    return Optional.empty();
  }

  /** The lock's file for the calling thread's namespace, which has the namespace's number. */
  static Path file() {
    try {
      String number = Files.readSymbolicLink(NAMESPACE).toString().replaceAll("[^0-9]", "");
      return DIRECTORY.resolve("trace-" + number + ".lock");
    } catch (IOException noProc) {
      throw new NaruException(ErrorCode.UNAVAILABLE, "/proc cannot be read: mount it", noProc);
    }
  }

  /** The file, locked; empty if another program has it, or removed it as this one opened it. */
  private static Optional<FileChannel> locked(Path file) throws IOException {
    Files.createDirectories(
        file.getParent(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Optional<Object> before = number(file);
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean ours = false;
    try {
      // Not by opening it once more: closing any of them would give the lock back (fcntl(2)).
      ours = channel.tryLock() != null && before.isPresent() && before.equals(number(file));
      return ours ? Optional.of(channel) : Optional.empty();
    } finally {
      if (!ours) {
        channel.close();
      }
    }
  }

  /** Removes the file, which this thread may have made, unless another program has the turn. */
  private static void withdraw(Path file) {
    try {
      Optional<FileChannel> locked = Files.exists(file) ? locked(file) : Optional.empty();
      if (locked.isPresent()) {
        try (FileChannel _ = locked.get()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException left) {
      // The next one locks the same file.
    }
  }

  /** Of its inode, as long as it has the name. */
  private static Optional<Object> number(Path file) throws IOException {
    try {
      return Optional.of(Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(file);
      if (madeDirectory) {
        Files.deleteIfExists(DIRECTORY);
      }
    } catch (IOException left) {
      // An empty promise: the next one locks the same file. A directory in use stays.
    } finally {
      within.release();
    }
  }
}

package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Lets one process at a time change a lab as a whole. The kernel frees it when the process dies.
 */
final class LabLock implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final FileChannel channel;

  private LabLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock, or gives up after a few seconds. */
  static LabLock take(LabDirectory directory) {
    FileChannel channel =
        LabDirectory.attempt(
            "lock " + directory.path() + " (is the lab still there?)",
            () ->
                FileChannel.open(
                    directory.path().resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE));
    try {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!tryLock(channel)) {
        if (System.nanoTime() - deadline > 0) {
          throw new NaruException(
              ErrorCode.UNAVAILABLE,
              "another command is changing this lab; wait for it, or end it, and try again");
        }
        Thread.sleep(PAUSE);
      }
      return new LabLock(channel);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      close(channel);
      throw new NaruException(ErrorCode.UNAVAILABLE, "interrupted", interrupted);
    } catch (NaruException busy) {
      close(channel);
      throw busy;
    }
  }

  private static boolean tryLock(FileChannel channel) {
    return LabDirectory.attempt(
        "lock the lab",
        () -> {
          try {
            return channel.tryLock() != null;
          } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
          }
        });
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException alreadyFree) {
      // The lock is gone with its channel, closed or not.
    }
  }

  @Override
  public void close() {
    close(channel);
  }
}

package io.naru.agent.node;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.Rest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * The right to be this host's agent. It is held by a lock on a file, which the kernel gives back
 * when the process ends, however it ends.
 */
final class AgentLock implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final FileChannel file;

  private AgentLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the lock. Somebody who only looks whether it is held has it for an instant, so it is
   * tried again for half a second.
   *
   * @throws NaruException CONFLICT if an agent has it; FILE_FAILED if the file cannot be made
   */
  static AgentLock take(AgentOptions options) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return tryTake(options);
      } catch (NaruException held) {
        if (held.code() != ErrorCode.CONFLICT
            || System.nanoTime() - end > 0
            || !Rest.passes(PAUSE)) {
          throw held;
        }
      }
    }
  }

  private static AgentLock tryTake(AgentOptions options) {
    Path path = options.lock();
    try {
      FileChannel file =
          FileChannel.open(
              path,
              EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (lock(file) == null) {
        file.close();
        throw new NaruException(
            ErrorCode.CONFLICT,
            "an agent already runs on this host and holds "
                + path
                + "; look at it with: naru status, or stop it first");
      }
      return new AgentLock(file);
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, "cannot lock " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Whether an agent has it now.
   *
   * @throws NaruException FILE_FAILED if the file is there and cannot be opened
   */
  static boolean isHeld(AgentOptions options) {
    if (!Files.exists(options.lock())) {
      return false;
    }
    try {
      tryTake(options).close();
      return false;
    } catch (NaruException held) {
      if (held.code() == ErrorCode.CONFLICT) {
        return true;
      }
      throw held;
    } catch (IOException notClosed) {
      return false;
    }
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

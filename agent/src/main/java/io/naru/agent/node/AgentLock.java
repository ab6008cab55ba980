package io.naru.agent.node;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * The right to be this host's agent. It is held by a lock on a file, which the kernel gives back
 * when the process ends, however it ends.
 */
final class AgentLock implements AutoCloseable {
  private final FileChannel file;

  private AgentLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the lock.
   *
   * @throws NaruException CONFLICT if an agent has it; FILE_FAILED if the file cannot be made
   */
  static AgentLock take(AgentOptions options) {
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

  /** Whether an agent has it now. */
  static boolean isHeld(AgentOptions options) {
    if (!Files.exists(options.lock())) {
      return false;
    }
    try {
      take(options).close();
      return false;
    } catch (NaruException held) {
      return true;
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

package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.process.ProcessIdentity;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the labs of a machine share: the root of their state, the directories of the host that nodes
 * mount their own over, and the kernel's tables of neighbours. What is made or altered is written
 * down, and undone with the last lab.
 */
final class Labs {
  /** Directories that every node, and the server, has for itself. */
  private static final List<Path> MOUNT_POINTS =
      List.of(
          Path.of("/run/naru"),
          Path.of("/var/lib/naru"),
          Path.of("/etc/naru"),
          Path.of("/etc/cni"),
          Path.of("/opt/cni"));

  private static final Path MADE = LabDirectory.ROOT.resolve(".made-directories");
  private static final Path LOCK = LabDirectory.ROOT.resolve(".lock");
  private static final ReentrantLock WITHIN_PROCESS = new ReentrantLock();

  private Labs() {}

  /** Readies the host for a lab, whose state must exist by now, so that nobody undoes it. */
  static void prepareHost(int nodes) {
    locked(
        () -> {
          for (Path directory : MOUNT_POINTS) {
            if (!Files.isDirectory(directory)) {
              Files.writeString(
                  MADE, directory + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
              Files.createDirectories(directory);
            }
          }
          NeighbourTable.makeRoom(nodes);
          return MADE;
        });
  }

  /** Removes what no lab needs any more. */
  static void sweep() {
    locked(
        () -> {
          for (Path draft : entries(".*-*-*")) {
            if (!ownerLives(draft)) {
              new LabDirectory(draft).remove();
            }
          }
          if (!LabDirectory.all().isEmpty()) {
            return MADE;
          }
          NeighbourTable.setBack();
          if (Files.exists(MADE)) {
            for (String directory : Files.readAllLines(MADE)) {
              deleteIfEmpty(Path.of(directory));
            }
            Files.delete(MADE);
          }
          Files.deleteIfExists(LOCK);
          deleteIfEmpty(LabDirectory.ROOT);
          return MADE;
        });
  }

  static List<Path> entries(String glob) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(LabDirectory.ROOT, glob)) {
      List<Path> found = new ArrayList<>();
      entries.forEach(found::add);
      found.sort(null);
      return List.copyOf(found);
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (AccessDeniedException notRoot) {
      throw new NaruException(
          ErrorCode.NOT_PERMITTED, "only root sees the labs in " + LabDirectory.ROOT, notRoot);
    } catch (IOException unreadable) {
      throw new NaruException(
          ErrorCode.FILE_FAILED,
          "cannot list " + LabDirectory.ROOT + "; the lab needs root",
          unreadable);
    }
  }

  private static boolean ownerLives(Path draft) {
    String[] parts = draft.getFileName().toString().substring(1).split("-", 3);
    return ProcessIdentity.parse(parts[0] + " " + parts[1]).isAlive();
  }

  private static void deleteIfEmpty(Path directory) {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException inUse) {
      // Someone else put something there since: it is theirs now.
    }
  }

  private static void locked(LabDirectory.FileAction<?> action) {
    WITHIN_PROCESS.lock();
    try {
      while (!runLocked(action)) {
        // The lock's file was removed with the last lab while we waited for it.
      }
    } finally {
      WITHIN_PROCESS.unlock();
    }
  }

  private static boolean runLocked(LabDirectory.FileAction<?> action) {
    return LabDirectory.attempt(
        "prepare " + LabDirectory.ROOT,
        () -> {
          LabDirectory.makeDirectory(LabDirectory.ROOT);
          try (FileChannel channel =
              FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Object opened = fileKey();
            var lock = channel.lock();
            if (opened == null || !opened.equals(fileKey())) {
              return false;
            }
            action.run();
            return lock.isValid();
          }
        });
  }

  private static @org.jspecify.annotations.Nullable Object fileKey() throws IOException {
    try {
      return Files.getAttribute(LOCK, "unix:ino");
    } catch (NoSuchFileException removed) {
      return null;
    }
  }
}

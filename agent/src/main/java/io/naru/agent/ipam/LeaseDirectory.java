package io.naru.agent.ipam;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.PodAttachment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One small file a lease: {@code CONTAINER@INTERFACE.preparing} until all is done, then {@code
 * CONTAINER@INTERFACE.json}. A name appears only with its whole content behind it, so no crash of
 * the agent loses an acknowledged lease. Nothing waits for the disk: what a power cut could lose is
 * worth nothing after it, because no pod lives longer than its machine's uptime. A lease of an
 * earlier boot is therefore removed, whatever has its namespace's path by now.
 */
final class LeaseDirectory {
  private static final String PREPARING = ".preparing";
  private static final String READY = ".json";
  private static final String TEMPORARY = ".tmp";
  private static final String CORRUPT = ".corrupt";
  private static final long MAX_FILE = 1 << 20;

  private final Path directory;
  private final String boot;

  /** What the directory held. */
  record Content(List<Lease> leases, List<String> problems) {}

  /**
   * @param boot what tells this boot of the machine from another
   */
  LeaseDirectory(Path directory, String boot) {
    this.directory = directory;
    this.boot = boot;
  }

  /** Not before the first lease: whoever only looks leaves nothing behind. */
  private void make() {
    if (Files.isDirectory(directory)) {
      return;
    }
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw failed("create the directory " + directory, e);
    }
  }

  /** Writes a lease that was not there, still to be prepared. */
  void create(PodAttachment attachment) {
    make();
    Path target = path(attachment.key(), LeasePhase.PREPARING);
    Path temporary = directory.resolve(target.getFileName() + TEMPORARY);
    try {
      try (FileChannel file =
          FileChannel.open(
              temporary,
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer bytes = ByteBuffer.wrap(LeaseFormat.write(attachment, boot));
        while (bytes.hasRemaining()) {
          int written = file.write(bytes);
          if (written == 0) {
            throw new IOException("nothing more can be written");
          }
        }
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      discard(temporary);
      discard(target);
      throw failed("write the lease " + target, e);
    }
  }

  /** The lease is ready from now on. */
  void promote(AttachmentKey key) {
    Path from = path(key, LeasePhase.PREPARING);
    try {
      Files.move(from, path(key, LeasePhase.READY), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("rename the lease " + from, e);
    }
  }

  /** Forgets a lease in whatever phase; one that is not there is not an error. */
  void delete(AttachmentKey key) {
    try {
      boolean _ = Files.deleteIfExists(path(key, LeasePhase.READY));
      boolean _ = Files.deleteIfExists(path(key, LeasePhase.PREPARING));
    } catch (IOException e) {
      throw failed("remove the lease of " + key, e);
    }
  }

  /** Reads all leases and changes nothing: what is none, or of an earlier boot, is passed over. */
  Content look() {
    return read(false);
  }

  /**
   * Reads all leases. What cannot be read as one is moved aside and told, and what is left over is
   * removed.
   */
  Content load() {
    return read(true);
  }

  private Content read(boolean tidy) {
    List<Lease> leases = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      if (name.endsWith(TEMPORARY)) {
        // Left by a crash before the lease was acknowledged; or an agent is writing it right now.
        if (tidy) {
          discard(file);
        }
      } else if (name.endsWith(PREPARING)) {
        read(file, LeasePhase.PREPARING, tidy, leases, problems);
      } else if (name.endsWith(READY)) {
        read(file, LeasePhase.READY, tidy, leases, problems);
      }
    }
    return new Content(List.copyOf(leases), List.copyOf(problems));
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException e) {
      throw failed("list the directory " + directory, e);
    }
  }

  private void read(
      Path file, LeasePhase phase, boolean tidy, List<Lease> leases, List<String> problems) {
    try {
      if (Files.size(file) > MAX_FILE) {
        throw new NaruException(ErrorCode.MALFORMED, "it has more than 1 MiB");
      }
      LeaseFormat.Written written = LeaseFormat.read(Files.readAllBytes(file));
      PodAttachment attachment = written.attachment();
      if (!path(attachment.key(), phase).equals(file)) {
        throw new NaruException(
            ErrorCode.MALFORMED, "its content is the lease of " + attachment.key());
      }
      if (written.boot().isEmpty() || written.boot().equals(boot)) {
        leases.add(new Lease(attachment, phase));
      } else if (tidy) {
        discard(file);
      }
    } catch (NaruException malformed) {
      if (tidy) {
        problems.add(moveAside(file, malformed.sentence()));
      }
    } catch (NoSuchFileException gone) {
      // A pod went meanwhile; nobody but an agent takes leases away, so it was told to.
    } catch (IOException e) {
      // A disk that cannot be read now may be readable later: do not start on half the leases.
      throw failed("read the lease " + file, e);
    }
  }

  private String moveAside(Path file, String reason) {
    Path aside = directory.resolve(file.getFileName() + CORRUPT);
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed("move the corrupt lease " + file + " aside", e);
    }
    return "the lease "
        + file
        + " cannot be used: "
        + reason
        + "; it is now "
        + aside
        + ", and its pod must be made anew";
  }

  Path path(AttachmentKey key, LeasePhase phase) {
    // No '@' is in a container ID, no '/' in either part.
    String name = key.containerId() + "@" + key.interfaceName();
    return directory.resolve(
        name
            + switch (phase) {
              case PREPARING -> PREPARING;
              case READY -> READY;
            });
  }

  private static void discard(Path file) {
    try {
      boolean _ = Files.deleteIfExists(file);
    } catch (IOException leftBehind) {
      // The next start removes it, or the write that follows tells the reason.
    }
  }

  private static NaruException failed(String what, IOException cause) {
    String reason =
        cause instanceof FileSystemException e && e.getReason() != null
            ? e.getReason()
            : String.valueOf(cause.getMessage());
    return new NaruException(
        ErrorCode.FILE_FAILED,
        "cannot " + what + ": " + reason + "; see the disk's free space and the file's rights",
        cause);
  }
}

package io.naru.channel.file;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads and writes small files of mode 0600 in directories of mode 0700. */
public final class PrivateFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final int LARGEST = 1 << 20;
  private static final String DRAFT = ".new";

  private PrivateFile() {}

  /** Replaces the file's content: after a crash there is the old text or the new one. */
  public static void write(Path file, String text) {
    Path directory = directoryOf(file);
    Path temporary = draft(file);
    try {
      Files.deleteIfExists(temporary);
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      synchronize(directory);
    } catch (IOException e) {
      discard(temporary); // on a full disk, half a text takes the room that the next one needs
      throw failed("writing " + file, e);
    }
  }

  private static void discard(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException leftBehind) {
      // The next writing, or the next start, removes it.
    }
  }

  /** The file's text, or empty where there is no such file; of at most 1 MiB. */
  public static Optional<String> read(Path file) {
    return read(file, LARGEST);
  }

  /**
   * The file's text, or empty where there is no such file.
   *
   * @param maximumBytes the most that whoever wrote it may have written
   * @throws NaruException MALFORMED if the file is larger
   */
  public static Optional<String> read(Path file, int maximumBytes) {
    try {
      long size = Files.size(file);
      if (size > maximumBytes) {
        throw new NaruException(
            ErrorCode.MALFORMED,
            file
                + " has "
                + size
                + " bytes, more than the "
                + maximumBytes
                + " it may have: it is not a file of Naru; move it away");
      }
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("reading " + file, e);
    }
  }

  /** Where the new text of a file is until it is whole; the next writing of the file reuses it. */
  private static Path draft(Path file) {
    return directoryOf(file).resolve("." + file.getFileName() + DRAFT);
  }

  /**
   * The drafts in a directory. While nobody writes there, they are what a crash in the middle of a
   * writing left behind. A directory that is not there has none.
   */
  public static List<Path> drafts(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(PrivateFile::isDraft).sorted().toList();
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException e) {
      throw failed("listing " + directory, e);
    }
  }

  private static boolean isDraft(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".")
        && name.endsWith(DRAFT)
        && name.length() > 1 + DRAFT.length()
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes the drafts in a directory that is the caller's alone. */
  public static void removeDrafts(Path directory) {
    drafts(directory).forEach(PrivateFile::delete);
  }

  /** Removes the file if it is there. */
  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("removing " + file, e);
    }
  }

  /** Makes the directory, mode 0700, unless it is there; an existing one is narrowed to 0700. */
  public static void directory(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
        if (parent != null) {
          synchronize(parent);
        }
      }
      Files.setPosixFilePermissions(directory, OWNER_DIRECTORY);
    } catch (IOException e) {
      throw failed("making the directory " + directory, e);
    }
  }

  /** Makes what happened in a directory survive a loss of power (fsync of the directory). */
  public static void synchronize(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Path directoryOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new NaruException(ErrorCode.BAD_INPUT, file + " is not a file in a directory");
    }
    return parent;
  }

  /** A failed file operation as a sentence. */
  public static NaruException failed(String action, IOException e) {
    if (e instanceof AccessDeniedException) {
      return new NaruException(
          ErrorCode.NOT_PERMITTED, action + " is not permitted; run this as root", e);
    }
    String reason =
        e instanceof NoSuchFileException
            ? "no such file or directory"
            : String.valueOf(e.getMessage());
    return new NaruException(
        ErrorCode.FILE_FAILED, action + " failed (" + reason + "); check the disk and the path", e);
  }
}

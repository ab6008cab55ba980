package io.naru.lab;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.process.ProcessIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The state of one lab: a directory that only root may read. It exists before anything else of the
 * lab and goes last, so that whatever a crash leaves behind is known.
 *
 * @param path the directory
 */
record LabDirectory(Path path) {
  /** Where all labs of this machine keep their state. */
  static final Path ROOT = Path.of("/run/naru-lab");

  /** A lab that an earlier version made has no settings in its file. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .withConfigOverride(
              Map.class, map -> map.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
          .build();

  static LabDirectory of(String lab) {
    return new LabDirectory(ROOT.resolve(lab));
  }

  /** The directories of all labs, standing or half made. */
  static List<LabDirectory> all() {
    return Labs.entries("[!.]*").stream().map(LabDirectory::new).toList();
  }

  /** A directory under a name that no lab has, for one that appears complete or not at all. */
  static LabDirectory draft() {
    var self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
    String name =
        ".%d-%d-%s"
            .formatted(self.pid(), self.startTime(), UUID.randomUUID().toString().substring(0, 8));
    return new LabDirectory(ROOT.resolve(name));
  }

  Path lab() {
    return path.resolve("lab.json");
  }

  Path faults() {
    return path.resolve("faults.json");
  }

  Path pods() {
    return path.resolve("pods");
  }

  Path pod(String name) {
    return pods().resolve(name + ".json");
  }

  /** The resolv.conf of a pod that has its own. */
  Path podResolver(String name) {
    return pods().resolve(name + ".resolv.conf");
  }

  Path node(String name) {
    return path.resolve("nodes").resolve(name);
  }

  Path server() {
    return path.resolve("server");
  }

  /** A script that came with the lab's own program. */
  Path script(String name) {
    return path.resolve(name);
  }

  boolean exists() {
    return Files.isDirectory(path);
  }

  /** Makes a directory of the state, with its parents. */
  static void makeDirectory(Path directory) {
    attempt(
        "create the directory " + directory,
        () ->
            Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwx------"))));
  }

  void copyScript(String name) {
    attempt(
        "write " + script(name),
        () -> {
          try (InputStream resource = LabDirectory.class.getResourceAsStream(name)) {
            if (resource == null) {
              throw new NoSuchFileException(name);
            }
            return Files.copy(resource, script(name));
          }
        });
  }

  /** Writes a value whole or not at all. */
  static void write(Path file, Object value) {
    attempt(
        "write " + file,
        () -> {
          Path draft = Files.createTempFile(file.getParent(), ".", ".tmp");
          Files.write(draft, JSON.writeValueAsBytes(value));
          return Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        });
  }

  /** Writes a value whole, and only if the file is new; tells whether it was. */
  static boolean writeNew(Path file, Object value) {
    return attempt(
        "write " + file,
        () -> {
          Path draft = Files.createTempFile(file.getParent(), ".", ".tmp");
          try {
            Files.write(draft, JSON.writeValueAsBytes(value));
            Files.createLink(file, draft);
            return true;
          } catch (FileAlreadyExistsException taken) {
            return false;
          } finally {
            Files.delete(draft);
          }
        });
  }

  /** Reads a value, if the file is there. */
  static <T> Optional<T> read(Path file, Class<T> type) {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), type));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException unreadable) {
      throw new NaruException(ErrorCode.FILE_FAILED, "cannot read " + file, unreadable);
    } catch (JacksonException malformed) {
      throw new NaruException(
          ErrorCode.MALFORMED,
          file + " is not what a lab writes; remove it if its lab is gone",
          malformed);
    }
  }

  List<PodRecord> podRecords() {
    List<PodRecord> records = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(pods(), "[!.]*.json")) {
      files.forEach(file -> read(file, PodRecord.class).ifPresent(records::add));
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException unreadable) {
      throw new NaruException(ErrorCode.FILE_FAILED, "cannot list " + pods(), unreadable);
    }
    records.sort((a, b) -> a.name().compareTo(b.name()));
    return List.copyOf(records);
  }

  /** Removes the directory: first its name, so that it is never found half removed. */
  void remove() {
    if (!exists()) {
      return;
    }
    LabDirectory removed = path.getFileName().toString().startsWith(".") ? this : draft();
    attempt(
        "remove " + path,
        () -> {
          if (!removed.equals(this)) {
            Files.move(path, removed.path, StandardCopyOption.ATOMIC_MOVE);
          }
          try (Stream<Path> tree = Files.walk(removed.path)) {
            for (Path file : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
              Files.deleteIfExists(file);
            }
          }
          return removed;
        });
  }

  /** An action on files that may fail. */
  @FunctionalInterface
  interface FileAction<T> {
    T run() throws IOException;
  }

  static <T> T attempt(String what, FileAction<T> action) {
    try {
      return action.run();
    } catch (IOException failed) {
      throw new NaruException(
          ErrorCode.FILE_FAILED,
          "cannot %s: %s %s"
              .formatted(what, failed.getClass().getSimpleName(), failed.getMessage()),
          failed);
    }
  }
}

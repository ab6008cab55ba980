package io.naru.agent.install;

import io.naru.channel.file.PrivateFile;
import io.naru.core.digest.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Puts files on a host and takes away those that are still as they were put. What somebody changed
 * or had there before is theirs: it is left, and named.
 */
public final class InstalledFiles {
  private static final String WANTS = "/etc/systemd/system/multi-user.target.wants/";

  private final Path root;
  private final Path recordFile;
  private InstallationRecord known;

  /**
   * @param root of the host's files: {@code /}, or that of an image
   * @param recordFile which remembers what was put there
   */
  public InstalledFiles(Path root, Path recordFile) {
    this.root = root;
    this.recordFile = recordFile;
    this.known = InstallationRecord.read(recordFile);
  }

  /**
   * Installs.
   *
   * @param dryRun only say what would be done
   * @return a line for each file
   */
  public List<String> install(Installation installation, boolean dryRun) {
    List<String> done = new ArrayList<>();
    for (HostFile file : installation.files(path -> Files.isDirectory(inRoot(path)))) {
      done.add(install(file, dryRun));
    }
    return List.copyOf(done);
  }

  private String install(HostFile file, boolean dryRun) {
    byte[] wanted = content(file);
    String digest = Sha256.hex(wanted);
    Path target = inRoot(file.path());
    Optional<String> present = presentDigest(target);
    if (present.equals(Optional.of(digest))) {
      return "= file " + file.path();
    }
    if (present.isPresent() && !known.knows(file.path(), present.get())) {
      return "left as it is: "
          + file.path()
          + " is not as Naru would write it; remove it to get Naru's";
    }
    Optional<Path> other =
        file.path().equals(Installation.CONFIGURATION_LIST)
            ? otherConfiguration(target)
            : Optional.empty();
    if (other.isPresent()) {
      return "left out: " + file.path() + ", as " + other.get() + " names the plugin already";
    }
    if (!dryRun) {
      put(file, target, wanted, digest);
    }
    return (present.isPresent() ? "~ file " : "+ file ") + file.path();
  }

  /** The record comes first: what is cut short is recognised by it. */
  private void put(HostFile file, Path target, byte[] content, String digest) {
    PrivateFile.directory(recordFile.resolveSibling(".").normalize());
    List<Path> missing = missingDirectories(target);
    for (Path directory : missing) {
      known = known.withDirectory("/" + root.relativize(directory));
    }
    known = known.with(file.path(), digest);
    known.write(recordFile);
    Path draft = target.resolveSibling("." + target.getFileName() + ".new");
    try {
      for (Path directory : missing) {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      }
      Files.write(draft, content, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
      Files.setPosixFilePermissions(
          draft,
          PosixFilePermissions.fromString(
              switch (file) {
                case HostFile.Text _ -> "rw-r--r--";
                case HostFile.Program _ -> "rwxr-xr-x";
              }));
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw PrivateFile.failed("writing " + target, e);
    }
    known = known.only(file.path(), digest);
    known.write(recordFile);
  }

  private List<Path> missingDirectories(Path target) {
    List<Path> missing = new ArrayList<>();
    for (Path above = target.getParent();
        above != null && !Files.exists(above);
        above = above.getParent()) {
      missing.addFirst(above);
    }
    return missing;
  }

  /** Another configuration of the runtimes that names the plugin; two would be one too many. */
  private static Optional<Path> otherConfiguration(Path target) {
    Path directory = target.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(conf|conflist|json)"))
          .filter(file -> new String(bytes(file), StandardCharsets.UTF_8).contains("\"naru-cni\""))
          .sorted()
          .findFirst();
    } catch (IOException e) {
      throw PrivateFile.failed("listing " + directory, e);
    }
  }

  /**
   * Removes what was installed and is still so, and the record of it.
   *
   * @param keep paths that are to stay for now; the record then remembers them
   * @param dryRun only say what would be done
   * @return a line for each file
   */
  public List<String> remove(Predicate<String> keep, boolean dryRun) {
    List<String> done = new ArrayList<>();
    InstallationRecord rest = InstallationRecord.NOTHING;
    for (String path : known.files().keySet().stream().sorted().toList()) {
      Optional<String> present = presentDigest(inRoot(path));
      if (present.isEmpty()) {
        continue;
      }
      if (keep.test(path)) {
        done.add("left for now: " + path + ", which is in use");
        rest = rest.only(path, present.get());
      } else if (!known.knows(path, present.get())) {
        done.add("left: " + path + ", which somebody changed since it was installed");
      } else {
        done.add("- file " + path);
        if (!dryRun) {
          PrivateFile.delete(inRoot(path));
          disable(path);
        }
      }
    }
    if (!dryRun) {
      known.directories().stream()
          .sorted(Comparator.reverseOrder())
          .forEach(directory -> deleteIfEmpty(inRoot(directory)));
      if (rest.files().isEmpty()) {
        PrivateFile.delete(recordFile);
      } else {
        rest.write(recordFile);
      }
      known = rest;
    }
    return List.copyOf(done);
  }

  /** Whether a unit for systemd is among what was installed. */
  public boolean hasUnits() {
    return known.files().keySet().stream().anyMatch(path -> path.endsWith(".service"));
  }

  /** What {@code systemctl enable} made for a unit that is gone. */
  private void disable(String unit) {
    if (unit.endsWith(".service")) {
      Path link = inRoot(WANTS + Path.of(unit).getFileName());
      if (Files.isSymbolicLink(link)) {
        PrivateFile.delete(link);
      }
    }
  }

  private static void deleteIfEmpty(Path directory) {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException inUse) {
      // Somebody else put something there meanwhile.
    }
  }

  private Path inRoot(String path) {
    return root.resolve(path.substring(1));
  }

  private static byte[] content(HostFile file) {
    return switch (file) {
      case HostFile.Text text -> text.bytes();
      case HostFile.Program program -> bytes(program.source());
    };
  }

  /** Empty where there is nothing; a link's or directory's is that of no file of ours. */
  private static Optional<String> presentDigest(Path file) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    return Optional.of(
        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Sha256.hex(bytes(file)) : "no file");
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw PrivateFile.failed("reading " + file, e);
    }
  }
}

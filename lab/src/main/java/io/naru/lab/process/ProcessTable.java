package io.naru.lab.process;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The processes of this machine, as {@code /proc} shows them. */
public final class ProcessTable {
  private static final Path PROC = Path.of("/proc");

  private ProcessTable() {}

  /**
   * The processes that are in one of the network namespaces, or were started with the environment
   * variable. Never this process, and never those of this process's own network namespace.
   *
   * @param namespaces files under {@code /run/netns}; those that are no namespaces are ignored
   * @param variable {@code NAME=VALUE}
   */
  public static List<ProcessIdentity> belongingTo(Collection<Path> namespaces, String variable) {
    String own = link(PROC.resolve("self/ns/net")).orElse("");
    Set<String> links =
        namespaces.stream()
            .flatMap(namespace -> networkNamespace(namespace).stream())
            .filter(link -> !link.equals(own))
            .collect(Collectors.toUnmodifiableSet());
    long self = ProcessHandle.current().pid();
    List<ProcessIdentity> found = new ArrayList<>();
    for (Path process : processes()) {
      boolean belongs =
          link(process.resolve("ns/net")).filter(links::contains).isPresent()
              || environment(process).contains(variable);
      long pid = Long.parseLong(process.getFileName().toString());
      if (belongs && pid != self) {
        ProcessIdentity.of(pid).ifPresent(found::add);
      }
    }
    return List.copyOf(found);
  }

  /** Ends a process at once, unless its number belongs to another by now. */
  public static void kill(ProcessIdentity process) {
    if (process.isAlive()) {
      ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static List<Path> processes() {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      List<Path> processes = new ArrayList<>();
      entries.forEach(processes::add);
      return processes;
    } catch (IOException unreadable) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, "/proc cannot be read; is it mounted?", unreadable);
    }
  }

  /** The namespace behind a file, in the text that /proc/PID/ns/net links to. */
  private static Optional<String> networkNamespace(Path file) {
    try {
      // A file that a crash left behind before the namespace was mounted on it is a plain file.
      Object device = Files.getAttribute(PROC.resolve("self/ns/net"), "unix:dev");
      return Files.getAttribute(file, "unix:dev").equals(device)
          ? Optional.of("net:[" + Files.getAttribute(file, "unix:ino") + "]")
          : Optional.empty();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static Optional<String> link(Path link) {
    try {
      return Optional.of(Files.readSymbolicLink(link).toString());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static Set<String> environment(Path process) {
    try {
      byte[] bytes = Files.readAllBytes(process.resolve("environ"));
      return Set.copyOf(
          List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\0", -1)).stream()
              .distinct()
              .toList());
    } catch (IOException gone) {
      return Set.of();
    }
  }
}

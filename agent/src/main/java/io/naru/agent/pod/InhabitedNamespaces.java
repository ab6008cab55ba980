package io.naru.agent.pod;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The network namespaces that processes are in, as /proc shows them: proc(5), namespaces(7). */
record InhabitedNamespaces(Set<String> names) {
  private static final Path PROC = Path.of("/proc");
  private static final Path OWN = Path.of("/proc/self/ns/net");

  /** The host's first process is in no pod, and some hosts hide it even from root. */
  private static final Path FIRST = PROC.resolve("1");

  /** PROC_PID_INIT_INO of linux/proc_ns.h: the PID namespace from which all others descend. */
  private static final String INITIAL_PID_NAMESPACE = "pid:[" + 0xEFFF_FFFCL + "]";

  InhabitedNamespaces {
    names = Set.copyOf(names);
  }

  /** Whether no process of this machine is hidden by a PID namespace around this program. */
  static boolean seesEveryProcess() {
    try {
      return Files.readSymbolicLink(PROC.resolve("self/ns/pid"))
          .toString()
          .equals(INITIAL_PID_NAMESPACE);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /**
   * Looks at every process. Empty if one does not let itself be seen, as it may be in any of them:
   * that takes CAP_SYS_PTRACE (ptrace(2), "Ptrace access mode checking").
   */
  static Optional<InhabitedNamespaces> look() {
    Set<String> names = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path process : processes) {
        if (!process.equals(FIRST) && !look(process, names)) {
          return Optional.empty();
        }
      }
      return Optional.of(new InhabitedNamespaces(names));
    } catch (IOException | DirectoryIteratorException unreadable) {
      return Optional.empty();
    }
  }

  private static boolean look(Path process, Set<String> names) {
    try {
      names.add(Files.readSymbolicLink(process.resolve("ns/net")).toString());
      return true;
    } catch (NoSuchFileException ended) {
      return true;
    } catch (IOException unreadable) {
      return !Files.exists(process); // it ended meanwhile
    }
  }

  /** Whether a process is in the namespace of that file; empty if it is no such file. */
  Optional<Boolean> contain(Path namespace) {
    try {
      // A file of another file system: the namespace is not mounted where this agent looks.
      if (!attribute(namespace, "dev").equals(attribute(OWN, "dev"))) {
        return Optional.empty();
      }
      return Optional.of(names.contains("net:[" + attribute(namespace, "ino") + "]"));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static Object attribute(Path file, String name) throws IOException {
    return Files.getAttribute(file, "unix:" + name);
  }
}

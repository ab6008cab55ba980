package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The control group (version 2) of a pod.
 *
 * @param path its directory
 */
record PodCgroup(Path path) {
  private static final String GROUP = "naru-lab";

  static PodCgroup of(String lab, String pod) {
    return new PodCgroup(ofLab(lab).resolve("pod-" + pod));
  }

  private static Path ofLab(String lab) {
    return hierarchy().resolve(GROUP).resolve(lab);
  }

  /** Where the unified hierarchy is mounted, as /proc/self/mountinfo tells: proc(5). */
  private static Path hierarchy() {
    List<String> mounts =
        LabDirectory.attempt(
            "read the mounts", () -> Files.readAllLines(Path.of("/proc/self/mountinfo")));
    return mounts.stream()
        .map(line -> line.split(" ", -1))
        .filter(
            fields -> {
              int separator = Arrays.asList(fields).indexOf("-");
              return separator > 4 && fields[separator + 1].equals("cgroup2");
            })
        .map(fields -> Path.of(fields[4]))
        .findFirst()
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.UNSUPPORTED,
                    "no cgroup2 file system is mounted; mount one on /sys/fs/cgroup/unified"));
  }

  Path processes() {
    return path.resolve("cgroup.procs");
  }

  void create() {
    LabDirectory.attempt("create the control group " + path, () -> Files.createDirectories(path));
  }

  void add(long pid) {
    LabDirectory.attempt(
        "move a process into " + path, () -> Files.writeString(processes(), Long.toString(pid)));
  }

  /** The numbers of its processes; empty if the group is gone. */
  List<Long> members() {
    try {
      return Files.readAllLines(processes()).stream().map(Long::valueOf).toList();
    } catch (IOException gone) {
      return List.of();
    }
  }

  /** Removes the group; its processes must have ended. */
  void remove() {
    Waiting.until(
        "the control group " + path + " to be empty",
        () -> removeDirectory(path),
        () -> "processes " + members() + " are still in it");
  }

  /** All groups of a lab's pods that exist. */
  static List<PodCgroup> ofAllPods(String lab) {
    try (Stream<Path> children = Files.list(ofLab(lab))) {
      return children.filter(Files::isDirectory).map(PodCgroup::new).toList();
    } catch (IOException none) {
      return List.of();
    }
  }

  /** Removes the lab's group, and that of all labs if this was the last. */
  static void removeLab(String lab) {
    removeDirectory(ofLab(lab));
    removeDirectory(hierarchy().resolve(GROUP));
  }

  private static boolean removeDirectory(Path directory) {
    try {
      Files.delete(directory);
      return true;
    } catch (NoSuchFileException gone) {
      return true;
    } catch (IOException busy) {
      return false;
    }
  }
}

package io.naru.linux.namespace;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.Errno;
import io.naru.linux.call.KernelException;
import io.naru.linux.call.OwnedDescriptor;
import io.naru.linux.call.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The names of namespaces: files in /run/netns with a namespace mounted on each (ip-netns(8)). */
final class NamedNamespaces {
  private static final Path DIRECTORY = Path.of("/run/netns");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,127}");

  /** fcntl.h: O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC. */
  private static final int CREATE_EXCLUSIVELY = 0x40 | 0x80 | 0x80000;

  /** sys/mount.h. */
  private static final int MS_BIND = 1 << 12;

  private static final int MS_REC = 1 << 14;
  private static final int MS_SHARED = 1 << 20;
  private static final int MNT_DETACH = 2;

  private NamedNamespaces() {}

  static Path path(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'"
              + name
              + "' cannot name a network namespace; use letters, digits, '-', '_', ':' and '.'");
    }
    return DIRECTORY.resolve(name);
  }

  static void create(String name) {
    Path path = path(name);
    prepareDirectory();
    OwnedDescriptor.of(
            SystemCalls.open(path.toString(), CREATE_EXCLUSIVELY, 0),
            "create the network namespace " + name)
        .close();
    try {
      Object _ =
          FreshThread.call(
              "new namespace " + name,
              () -> {
                SystemCalls.check(
                    SystemCalls.unshare(NetworkNamespace.CLONE_NEWNET),
                    "create the network namespace " + name);
                SystemCalls.check(
                    SystemCalls.mount("/proc/thread-self/ns/net", path.toString(), "none", MS_BIND),
                    "mount the network namespace " + name);
                return Boolean.TRUE;
              });
    } catch (RuntimeException failure) {
      boolean _ = delete(name);
      throw failure;
    }
  }

  /** Makes the directory a shared mount, so that every mount namespace sees names come and go. */
  private static void prepareDirectory() {
    String directory = DIRECTORY.toString();
    try {
      Files.createDirectories(DIRECTORY);
    } catch (IOException failure) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, "cannot create " + directory + ": " + failure, failure);
    }
    int shared = SystemCalls.mount("", directory, "none", MS_SHARED | MS_REC);
    if (shared == -Errno.EINVAL.number()) {
      // Not a mount point yet.
      SystemCalls.check(
          SystemCalls.mount(directory, directory, "none", MS_BIND | MS_REC), "mount " + directory);
      shared = SystemCalls.mount("", directory, "none", MS_SHARED | MS_REC);
    }
    SystemCalls.check(shared, "share the mount " + directory);
  }

  static boolean exists(String name) {
    return Files.exists(path(name));
  }

  static List<String> list() {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException failure) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, "cannot list " + DIRECTORY + ": " + failure, failure);
    }
  }

  static boolean delete(String name) {
    Path path = path(name);
    int unmounted = SystemCalls.umount2(path.toString(), MNT_DETACH);
    // EINVAL: a file without a mount, left by something that crashed between the two steps.
    if (unmounted < 0
        && unmounted != -Errno.ENOENT.number()
        && unmounted != -Errno.EINVAL.number()) {
      throw new KernelException("unmount the network namespace " + name, -unmounted);
    }
    try {
      return Files.deleteIfExists(path);
    } catch (IOException failure) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, "cannot remove " + path + ": " + failure, failure);
    }
  }
}

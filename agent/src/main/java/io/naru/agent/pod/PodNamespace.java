package io.naru.agent.pod;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.KernelException;
import io.naru.linux.namespace.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file that stands for a pod's network namespace: CNI_NETNS. */
final class PodNamespace {
  private PodNamespace() {}

  /**
   * Opens a pod's namespace.
   *
   * @param node what {@link NetworkNamespace#identity} says of the node's own
   * @throws NaruException NOT_FOUND when it is not there, BAD_INPUT when it is something else
   */
  static NetworkNamespace open(String path, String node) {
    Path file = Path.of(path);
    // A pipe would keep the opener waiting.
    if (!Files.isRegularFile(file)) {
      throw Files.exists(file) ? another(path) : absent(path, null);
    }
    NetworkNamespace opened = open(file);
    try {
      if (!opened.isGenuine()) {
        throw another(path);
      }
      if (opened.identity().equals(node)) {
        // A veth pair with both ends on the node would look like a pod and be none.
        throw new NaruException(
            ErrorCode.BAD_INPUT,
            "CNI_NETNS "
                + path
                + " is the node's own network namespace; a pod on it needs no attachment");
      }
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static NetworkNamespace open(Path file) {
    try {
      return NetworkNamespace.open(file);
    } catch (KernelException e) {
      if (e.isAbsent()) {
        throw absent(file.toString(), e);
      }
      throw e;
    }
  }

  /** Whether there is a network namespace behind that path. */
  static boolean exists(String path) {
    Path file = Path.of(path);
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (NetworkNamespace opened = open(file)) {
      return opened.isGenuine();
    } catch (NaruException gone) {
      return false;
    }
  }

  private static NaruException absent(String path, @Nullable Throwable cause) {
    return new NaruException(
        ErrorCode.NOT_FOUND,
        "the pod's network namespace " + path + " does not exist (any more)",
        cause);
  }

  private static NaruException another(String path) {
    return new NaruException(
        ErrorCode.BAD_INPUT, "CNI_NETNS " + path + " is not a network namespace");
  }
}

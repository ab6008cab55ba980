package io.naru.linux.namespace;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.OwnedDescriptor;
import io.naru.linux.call.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A network namespace that is held open: it lives at least until this is closed, even when its name
 * was removed meanwhile.
 */
public final class NetworkNamespace implements AutoCloseable {
  /** fcntl.h: O_RDONLY | O_CLOEXEC. */
  private static final int READ_ONLY = 0x80000;

  /** linux/sched.h. */
  static final int CLONE_NEWNET = 0x40000000;

  /** linux/nsfs.h: _IO(0xb7, 0x3). */
  private static final int NS_GET_NSTYPE = 0xb703;

  private final String label;
  private final OwnedDescriptor descriptor;

  private NetworkNamespace(String label, OwnedDescriptor descriptor) {
    this.label = label;
    this.descriptor = descriptor;
  }

  /** Opens the namespace of that name, as {@code ip netns} knows it (ip-netns(8)). */
  public static NetworkNamespace open(String name) {
    return open(NamedNamespaces.path(name));
  }

  /** Opens the namespace a file stands for, for example {@code /proc/1234/ns/net}. */
  public static NetworkNamespace open(Path path) {
    return new NetworkNamespace(
        path.toString(),
        OwnedDescriptor.of(
            SystemCalls.open(path.toString(), READ_ONLY, 0), "open the namespace " + path));
  }

  /** The calling thread's namespace. */
  public static NetworkNamespace current() {
    return open(Path.of("/proc/thread-self/ns/net"));
  }

  /** Makes a namespace of that name, as {@code ip netns add} does, and opens it. */
  public static NetworkNamespace create(String name) {
    NamedNamespaces.create(name);
    return open(name);
  }

  /** Whether there is a namespace of that name. */
  public static boolean exists(String name) {
    return NamedNamespaces.exists(name);
  }

  /** The names of all named namespaces, sorted. */
  public static List<String> list() {
    return NamedNamespaces.list();
  }

  /**
   * Removes the name, as {@code ip netns delete} does; the namespace goes when nothing in it runs
   * and nobody holds it open. A name that is not there is not an error.
   *
   * @return whether it was there
   */
  public static boolean delete(String name) {
    return NamedNamespaces.delete(name);
  }

  /**
   * Runs the task on a new platform thread inside the namespace and waits for it; the thread ends
   * with it, so that no other work ever runs there by accident. Sockets that are opened and
   * programs that are started in it belong to the namespace. What the task throws is thrown here.
   * An interrupt of the waiting thread is passed on to the task.
   */
  public <T, X extends Exception> T call(NamespaceTask<T, X> task) throws X {
    return FreshThread.call("namespace " + label, () -> enter(task));
  }

  /** Like {@link #call} for work that returns nothing. */
  public <X extends Exception> void run(NamespaceAction<X> action) throws X {
    Object _ =
        call(
            () -> {
              action.run();
              return Boolean.TRUE;
            });
  }

  private <T, X extends Exception> T enter(NamespaceTask<T, X> task) throws X {
    SystemCalls.check(
        SystemCalls.setns(descriptor.number(), CLONE_NEWNET), "enter the namespace " + label);
    return task.call();
  }

  /** Whether the file that was opened is a network namespace at all (ioctl_nsfs(2)). */
  public boolean isGenuine() {
    return SystemCalls.ioctl(descriptor.number(), NS_GET_NSTYPE, 0L) == CLONE_NEWNET;
  }

  /** What tells namespaces apart: the same for each file that stands for the same one. */
  public String identity() {
    Path opened = Path.of("/proc/self/fd/" + descriptor.number());
    try {
      Map<String, Object> attributes = Files.readAttributes(opened, "unix:dev,ino");
      return attributes.get("dev") + ":" + attributes.get("ino");
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.KERNEL_REFUSED, "the namespace " + label + " cannot be examined: " + e, e);
    }
  }

  /** The open descriptor, for example to move a link into the namespace. */
  public int descriptor() {
    return descriptor.number();
  }

  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return label;
  }
}

package io.naru.e2e;

import java.util.Set;

/**
 * A container runtime on a host. Calls for different pods may come at the same time. Each throws an
 * {@link AssertionError} with what the runtime said when it refuses.
 */
interface PodRuntime {
  /** Configures it as docs/runtimes.md says, starts it, and loads the image. */
  void start();

  /** Ends it by SIGKILL, with all that it is doing; its pods stay. */
  void kill();

  void create(String pod);

  /** Starts again what a kill left half made; a runtime that cannot removes it later. */
  void resume();

  /** Ends the pod and starts it again under the same name. */
  void restart(String pod);

  void remove(String pod);

  /** Removes all pods that it knows, also half-made ones, except that one. */
  void removeAllBut(String pod);

  /** The pods that it knows, in whatever state. */
  Set<String> pods();

  /** The address that it was told for a pod. */
  String address(String pod);

  /** Ends the pod's first process by SIGKILL, behind the runtime's back. */
  void killFirstProcess(String pod);

  /**
   * Whether it loses namespaces that it had made when something was killed; nobody removes those.
   */
  boolean losesNamespaces();

  /** Whether the runtime noticed by now that the pod has ended. */
  boolean hasEnded(String pod);
}

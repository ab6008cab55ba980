package io.naru.core.pod;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tells pods that their runtime lost: it was killed after the plugin had answered ADD and before it
 * had written that down, so that it will never call DEL. Such a pod has a network namespace that
 * the runtime made for it, and no process ever comes into it.
 *
 * <p>A namespace that people made themselves may be empty for as long as they like, so it must have
 * the name that containerd or podman gives. And an agent in a PID namespace of its own does not see
 * the pods' processes and finds every namespace empty, so unless it is known to see all of them it
 * believes nothing before it saw one pod with a process.
 */
public final class LostPods {
  /**
   * File names of the namespaces that containerd ({@code cni-}) and podman ({@code netns-}) make: a
   * UUID of random bytes. Other runtimes keep pods without any process for a while.
   */
  private static final Pattern MADE_BY_RUNTIME =
      Pattern.compile(".*/netns/(cni|netns)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final long patienceNanos;
  private final Map<PodAttachment, Long> emptySince = new HashMap<>();
  private boolean seesPods;

  /**
   * @param patience how long a namespace must be seen empty
   * @param seesAll whether every process of the machine is seen for sure
   */
  public LostPods(Duration patience, boolean seesAll) {
    this.patienceNanos = patience.toNanos();
    this.seesPods = seesAll;
  }

  /** Whether an empty namespace would mean that the runtime lost the pod. */
  public static boolean isJudged(PodAttachment attachment) {
    return MADE_BY_RUNTIME.matcher(attachment.netnsPath()).matches();
  }

  /**
   * Takes one observation into account.
   *
   * @param inhabited whether a process is in the pod's namespace, for every judged pod whose
   *     namespace could be looked at
   * @param now nanoseconds of a clock that never goes back
   * @return the pods that are lost
   */
  public List<PodAttachment> observe(Map<PodAttachment, Boolean> inhabited, long now) {
    seesPods |= inhabited.containsValue(true);
    emptySince.keySet().removeIf(pod -> inhabited.getOrDefault(pod, true));
    inhabited.forEach(
        (pod, hasProcess) -> {
          if (!hasProcess) {
            emptySince.putIfAbsent(pod, now);
          }
        });
    if (!seesPods) {
      return List.of();
    }
    return emptySince.entrySet().stream()
        .filter(entry -> now - entry.getValue() >= patienceNanos)
        .map(Map.Entry::getKey)
        .toList();
  }
}

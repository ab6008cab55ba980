package io.naru.agent.pod;

import io.naru.core.pod.LostPods;
import io.naru.core.pod.PodAttachment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes, now and then, the pods for which no DEL will come. */
public final class PodCollection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodCollection.class);

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /**
   * From the answer to ADD to the pod's first process is less than a second on a good day, and as
   * long as the fetching of an image on a bad one. A lost pod costs an address until then; one
   * wrongly taken for lost would lose its network.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** For tests of whole hosts: the patience in seconds. */
  private static final String PATIENCE_OF_TESTS = "NARU_TEST_LOST_POD_SECONDS";

  private final PodNetwork pods;
  private final Duration interval;
  private final LostPods lost;
  private final Thread thread;

  private PodCollection(PodNetwork pods, Duration interval, Duration patience) {
    this.pods = pods;
    this.interval = interval;
    this.lost = new LostPods(patience, InhabitedNamespaces.seesEveryProcess());
    this.thread = Thread.ofVirtual().name("naru-pod-collection").unstarted(this::run);
  }

  public static PodCollection start(PodNetwork pods) {
    String seconds = System.getenv(PATIENCE_OF_TESTS);
    Duration patience = seconds == null ? PATIENCE : Duration.ofSeconds(Long.parseLong(seconds));
    return start(pods, INTERVAL, patience);
  }

  static PodCollection start(PodNetwork pods, Duration interval, Duration patience) {
    PodCollection collection = new PodCollection(pods, interval, patience);
    collection.thread.start();
    return collection;
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        collect();
        Thread.sleep(interval);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void collect() {
    try {
      pods.clean();
      InhabitedNamespaces.look().ifPresent(this::removeLost);
    } catch (RuntimeException odd) {
      LOG.error("lost pods were not looked for; it is tried again", odd);
    }
  }

  private void removeLost(InhabitedNamespaces namespaces) {
    Map<PodAttachment, Boolean> inhabited = new HashMap<>();
    for (PodAttachment pod : pods.pods()) {
      if (LostPods.isJudged(pod)) {
        Optional<Boolean> found = namespaces.contain(Path.of(pod.netnsPath()));
        found.ifPresent(hasProcess -> inhabited.put(pod, hasProcess));
      }
    }
    for (PodAttachment pod : lost.observe(inhabited, System.nanoTime())) {
      LOG.warn(
          "{} has no process and its runtime never removed it, so it goes; its namespace stays the"
              + " runtime's: ip netns delete {}",
          pod.key(),
          Path.of(pod.netnsPath()).getFileName());
      pods.removeLost(pod);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}

package io.naru.agent.node;

import io.naru.agent.kernel.HostSettings;
import io.naru.agent.loop.Pass;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Triggers the loop when a setting is not as the last pass left it. The kernel tells nobody of a
 * change below /proc/sys, and inotify does not see it either: so the few files are read now and
 * then. It reads those of the network namespace of the thread that starts it.
 */
final class SettingsWatch implements AutoCloseable {
  /** A reading of a hundred pods' settings takes about a millisecond. */
  private static final Duration BETWEEN_READINGS = Duration.ofMillis(300);

  private final Runnable trigger;
  private final Thread thread;
  private final AtomicReference<Map<String, String>> left = new AtomicReference<>(Map.of());

  SettingsWatch(Runnable trigger) {
    this.trigger = trigger;
    this.thread = Thread.ofPlatform().daemon().name("naru-settings").start(this::run);
  }

  /** What the settings are from now on, unless someone changes them. */
  void follow(Pass pass) {
    left.set(pass.settings());
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(BETWEEN_READINGS);
        Map<String, String> expected = left.get();
        // Once is enough: the pass that follows says what to expect then.
        if (expected.entrySet().stream().anyMatch(SettingsWatch::differs)
            && left.compareAndSet(expected, Map.of())) {
          trigger.run();
        }
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /** A file that is gone went with its interface, which the kernel does tell of. */
  private static boolean differs(Map.Entry<String, String> setting) {
    Optional<String> now = HostSettings.read(setting.getKey());
    return now.isPresent() && !now.get().equals(setting.getValue());
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}

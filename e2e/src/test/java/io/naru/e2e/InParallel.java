package io.naru.e2e;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Work on many things at the same time. */
final class InParallel {
  private InParallel() {}

  /**
   * Starts the work on all, and returns when each is over.
   *
   * @throws AssertionError with all failures, if there are any
   */
  static <T> void run(Collection<T> things, Consumer<T> work) {
    List<Throwable> failures = failures(things, work);
    if (!failures.isEmpty()) {
      AssertionError all =
          new AssertionError(failures.size() + " of " + things.size() + ": " + failures.getFirst());
      failures.forEach(all::addSuppressed);
      throw all;
    }
  }

  /** The same, where failures are expected. */
  static <T> List<Throwable> failures(Collection<T> things, Consumer<T> work) {
    List<Throwable> failures = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      things.forEach(thing -> running.add(threads.submit(() -> work.accept(thing))));
      for (Future<?> one : running) {
        try {
          one.get();
        } catch (ExecutionException failed) {
          failures.add(failed.getCause());
        } catch (InterruptedException end) {
          Thread.currentThread().interrupt();
          throw new AssertionError(end);
        }
      }
    }
    return failures;
  }
}

package io.naru.lab.process;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Tasks that wait side by side, each on its own virtual thread. */
public final class Parallel {
  private Parallel() {}

  /** Runs all tasks; the first failure interrupts the others and is thrown when they ended. */
  public static void run(Collection<? extends Callable<?>> tasks) {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var service = new ExecutorCompletionService<Object>(executor);
      tasks.forEach(task -> service.submit(task::call));
      for (int i = 0; i < tasks.size(); i++) {
        try {
          service.take().get();
        } catch (ExecutionException failed) {
          executor.shutdownNow();
          throw asNaruException(failed.getCause());
        } catch (InterruptedException interrupted) {
          executor.shutdownNow();
          Thread.currentThread().interrupt();
          throw new NaruException(ErrorCode.UNAVAILABLE, "the work was interrupted", interrupted);
        }
      }
    }
  }

  /** As many tasks as permits at a time, for those that need a processor rather than patience. */
  public static List<Callable<?>> bounded(Collection<? extends Callable<?>> tasks, int atOnce) {
    var permits = new Semaphore(atOnce);
    List<Callable<?>> bounded = new ArrayList<>();
    for (Callable<?> task : tasks) {
      bounded.add(
          () -> {
            permits.acquire();
            try {
              return task.call();
            } finally {
              permits.release();
            }
          });
    }
    return bounded;
  }

  private static NaruException asNaruException(@org.jspecify.annotations.Nullable Throwable cause) {
    return cause instanceof NaruException known
        ? known
        : new NaruException(ErrorCode.INTERNAL, "a task failed: " + cause, cause);
  }
}

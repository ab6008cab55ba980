package io.naru.linux.namespace;

import org.jspecify.annotations.Nullable;

/** Runs a task on a platform thread of its own that ends with the task. */
final class FreshThread {
  private FreshThread() {}

  /** What came of the task; written by its thread, read after that thread has ended. */
  private static final class Outcome<T> {
    @Nullable T value;
    @Nullable Throwable failure;
  }

  static <T, X extends Exception> T call(String name, NamespaceTask<T, X> task) throws X {
    Outcome<T> outcome = new Outcome<>();
    Thread thread =
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .start(
                () -> {
                  try {
                    outcome.value = task.call();
                  } catch (Throwable failure) {
                    outcome.failure = failure;
                  }
                });
    joinPassingOnInterrupts(thread);
    if (outcome.failure != null) {
      throw FreshThread.<X>asDeclared(outcome.failure);
    }
    return result(outcome);
  }

  @SuppressWarnings("NullAway") // The task decides whether its result may be null.
  private static <T> T result(Outcome<T> outcome) {
    return outcome.value;
  }

  private static void joinPassingOnInterrupts(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException passOn) {
        interrupted = true;
        thread.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The very exception the task threw: it is an X, an Error or a RuntimeException. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Throwable> X asDeclared(Throwable failure) throws X {
    throw (X) failure;
  }
}

package io.naru.cli.command;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for what was asked at the same time. */
final class Answers {
  private Answers() {}

  /**
   * The answer.
   *
   * @throws NaruException if asking failed so, or was broken off
   */
  static <T> T of(Future<T> asked) {
    try {
      return asked.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof NaruException cannot) {
        throw cannot;
      }
      throw new IllegalStateException("an examination failed", failed.getCause());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new NaruException(ErrorCode.UNAVAILABLE, "the examination was broken off", stop);
    }
  }
}

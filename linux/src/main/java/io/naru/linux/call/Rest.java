package io.naru.linux.call;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.time.Duration;

/** Pauses of a thread that another one may interrupt: it stays interrupted then. */
public final class Rest {
  private Rest() {}

  /**
   * Sleeps so long.
   *
   * @param broken what an interrupt ends, as a sentence
   * @throws NaruException UNAVAILABLE with that sentence, when the thread is interrupted
   */
  public static void of(Duration time, String broken) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException stop) {
      throw brokenOff(stop, broken);
    }
  }

  /**
   * The same until a moment that {@link System#nanoTime} tells, or not at all if that is over.
   *
   * @throws NaruException UNAVAILABLE with that sentence, when the thread is interrupted
   */
  public static void until(long moment, String broken) {
    of(Duration.ofNanos(Math.max(0, moment - System.nanoTime())), broken);
  }

  /** Sleeps so long, or until the thread is interrupted: whether the time passed. */
  public static boolean passes(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The failure that an interrupt is; the thread stays interrupted. */
  public static NaruException brokenOff(InterruptedException stop, String sentence) {
    Thread.currentThread().interrupt();
    return new NaruException(ErrorCode.UNAVAILABLE, sentence, stop);
  }
}

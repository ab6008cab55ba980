package io.naru.bench;

import io.naru.linux.call.Rest;
import java.time.Duration;

/** Programs whose counterpart may not be ready yet. */
final class Attempts {
  private static final int MOST = 20;
  private static final Duration PAUSE = Duration.ofMillis(250);

  private Attempts() {}

  /** The output of the first run that succeeds; the last failure is thrown. */
  static String first(Command command) {
    for (int left = MOST; ; left--) {
      try {
        return command.run();
      } catch (IllegalStateException failed) {
        if (left == 0) {
          throw failed;
        }
      }
      pause(PAUSE);
    }
  }

  static void pause(Duration duration) {
    Rest.of(duration, "the measurement was interrupted");
  }
}

package io.naru.e2e;

import java.util.Locale;

/**
 * Lines that show that a long run lives, with the seconds since its begin and the test, as several
 * run at a time.
 */
final class Progress {
  private static final long BEGAN = System.nanoTime();

  private Progress() {}

  static void say(String text) {
    System.out.printf(
        Locale.ROOT, "%7.1f s  %s: %s%n", (System.nanoTime() - BEGAN) / 1e9, test(), text);
    System.out.flush();
  }

  private static String test() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .map(frame -> frame.getClassName().replaceFirst(".*\\.", ""))
                    .filter(name -> name.endsWith("Test"))
                    .findFirst())
        .orElse("the end");
  }
}

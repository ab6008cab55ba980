package io.naru.e2e;

import java.util.Locale;

/** Lines that show that a long run lives, with the seconds since its begin. */
final class Progress {
  private static final long BEGAN = System.nanoTime();

  private Progress() {}

  static void say(String text) {
    System.out.printf(Locale.ROOT, "%7.1f s  %s%n", (System.nanoTime() - BEGAN) / 1e9, text);
    System.out.flush();
  }
}

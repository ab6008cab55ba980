package io.naru.cli.output;

import java.time.Duration;
import java.time.Instant;

/** How long ago something was, as short as a table wants it. */
public final class Age {
  private Age() {}

  public static String of(String instant, Instant now) {
    long seconds = Math.max(0, Duration.between(Instant.parse(instant), now).toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + "m";
    }
    return seconds < 2 * 86400 ? seconds / 3600 + "h" : seconds / 86400 + "d";
  }
}

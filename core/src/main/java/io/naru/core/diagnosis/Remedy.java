package io.naru.core.diagnosis;

/**
 * Something to do about a cause.
 *
 * @param text what it does, for people
 * @param command what to type; empty where no command can do it
 * @param safe whether it can harm nothing, so that {@code --fix} may do it; else a person judges
 */
public record Remedy(String text, String command, boolean safe) {
  /** For a person to judge. */
  public static Remedy judged(String text, String command) {
    return new Remedy(text, command, false);
  }

  /** Harmless. */
  public static Remedy safe(String text, String command) {
    return new Remedy(text, command, true);
  }
}

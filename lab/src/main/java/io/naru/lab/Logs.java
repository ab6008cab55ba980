package io.naru.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What programs of the lab printed. */
final class Logs {
  private static final int LONGEST = 1000;

  private Logs() {}

  /** The last lines, for the sentence of a failure. */
  static String tail(Path log) {
    try {
      String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).strip();
      if (text.isEmpty()) {
        return "it printed nothing";
      }
      return text.length() <= LONGEST ? text : "…" + text.substring(text.length() - LONGEST);
    } catch (IOException none) {
      return "it printed nothing";
    }
  }
}

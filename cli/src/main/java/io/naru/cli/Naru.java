package io.naru.cli;

import io.naru.cli.command.NaruCommand;

/** The entry of the {@code naru} program. */
public final class Naru {
  private Naru() {}

  public static void main(String[] arguments) {
    int code = NaruCommand.line(arguments).execute(arguments);
    if (code != 0) {
      System.exit(code); // only then: it sets up the JDK's own logging first, for 20 ms
    }
  }
}

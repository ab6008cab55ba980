package io.naru.cli;

import io.naru.cli.command.NaruCommand;

/** The entry of the {@code naru} program. */
public final class Naru {
  private Naru() {}

  public static void main(String[] arguments) {
    System.exit(NaruCommand.line().execute(arguments));
  }
}

package io.naru.cli;

import io.naru.cli.command.NaruCommand;
import java.io.PrintWriter;
import java.io.Writer;

/** Runs what commands usually run, so that the JVM can keep their classes in its cache. */
public final class Training {
  private Training() {}

  public static void main(String[] arguments) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    for (String line :
        new String[] {
          "--version",
          "--help",
          "lab status -o json",
          "path list",
          "lab faults -o yaml",
          "lab faults"
        }) {
      NaruCommand.line().setOut(nowhere).setErr(nowhere).execute(line.split(" "));
    }
  }
}

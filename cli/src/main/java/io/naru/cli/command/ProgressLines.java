package io.naru.cli.command;

import io.naru.lab.Progress;
import java.io.PrintWriter;

/** Shows each step as a line on standard error. */
public final class ProgressLines implements Progress {
  private final PrintWriter out;

  public ProgressLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public synchronized void step(String text) {
    out.println("  " + text);
    out.flush();
  }
}

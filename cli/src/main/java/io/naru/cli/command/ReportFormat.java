package io.naru.cli.command;

import io.naru.cli.output.Listing;
import io.naru.core.error.NaruException;
import io.naru.core.text.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code -o text|json} of the commands that report. */
final class ReportFormat {
  /** Exit code where nothing could be examined. */
  static final int NOT_EXAMINED = 3;

  /** How a report is printed. */
  enum Form {
    TEXT,
    JSON;

    @Override
    public String toString() {
      return this == TEXT ? "text" : "json";
    }
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Form form = Form.TEXT;

  void print(PrintWriter out, Object value, List<String> lines) {
    switch (form) {
      case TEXT -> lines.stream().map(Printable::coloured).forEach(out::println);
      case JSON -> out.println(Listing.json(value));
    }
    out.flush();
  }

  /** Examines; what cannot be is told, and has an exit code of its own. */
  static int examined(CommandSpec spec, Callable<Integer> examination) throws Exception {
    try {
      return examination.call();
    } catch (NaruException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("naru: " + e.sentence());
      err.flush();
      return NOT_EXAMINED;
    }
  }
}

package io.naru.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The entry of {@code bin/bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure rows side by side, in turn; medians, and ratios to the first row.")
final class Bench implements Runnable {
  @Spec CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "SUITE", description = "default: all suites")
  @Nullable String suite;

  @Option(names = "--json", description = "one line of JSON a suite")
  boolean json;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "11",
      description = "at least 5 (default: ${DEFAULT-VALUE})")
  int rounds;

  @Option(names = "--lab", paramLabel = "NAME", description = "a standing lab that may be asked")
  @Nullable String lab;

  public static void main(String[] arguments) {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(LeftOvers::remove));
    CommandLine line = new CommandLine(new Bench());
    line.setExecutionExceptionHandler(
        (failed, _, _) -> {
          line.getErr().println("bench: " + failed.getMessage());
          return 1;
        });
    System.exit(line.execute(arguments));
  }

  @Override
  public void run() {
    CommandLine line = spec.commandLine();
    var suites = suite == null ? Suites.all() : Suites.named(suite);
    if (suites.isEmpty()) {
      throw new ParameterException(
          line,
          "there is no suite '%s'; there are: %s, and network or services for all that begin so"
              .formatted(suite, String.join(", ", Suites.all().keySet())));
    }
    if (rounds < Rounds.LEAST) {
      throw new ParameterException(line, "--rounds must be at least " + Rounds.LEAST);
    }
    var naru =
        new Installation(Path.of(System.getProperty("naru.home", ".")), Optional.ofNullable(lab));
    for (var open : suites.values()) {
      try (Suite each = open.apply(naru)) {
        print(line.getOut(), measured(each, line.getErr()));
      } finally {
        LeftOvers.remove();
      }
    }
  }

  private Report measured(Suite suite, PrintWriter err) {
    int count = suite.rounds(rounds);
    return Report.of(
        suite,
        count,
        Rounds.run(
            suite.rows(),
            count,
            suite.together(),
            round -> {
              suite.round(round);
              err.println(suite.name() + ": round " + round + " of " + count);
              err.flush();
            }));
  }

  private void print(PrintWriter out, Report report) {
    if (json) {
      out.println(report.json());
    } else {
      report.table().forEach(out::println);
      out.println();
    }
    out.flush();
  }
}

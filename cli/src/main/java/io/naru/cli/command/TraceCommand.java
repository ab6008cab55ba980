package io.naru.cli.command;

import io.naru.api.trace.TraceWish;
import io.naru.cli.output.TraceText;
import io.naru.core.error.NaruException;
import io.naru.core.trace.TraceReport;
import java.io.Console;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru trace}. */
@Command(
    name = "trace",
    description = {
      "Sends three probes from a pod or node to another, and shows every hop that sees them, there and"
          + " back.",
      "Without a port it is an ICMP echo, which the kernel of any pod answers."
    },
    footer = {
      "Exit code: 0 answered, or refused by the destination itself; 1 lost, and where; 2 delivered,"
          + " and not answered;",
      "3 could not be tried."
    })
final class TraceCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin AgentSource source;
  @Mixin ReportFormat format;

  @Parameters(index = "0", paramLabel = "FROM", description = "a pod or a node")
  String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "a pod, a node or an address")
  String to = "";

  @ArgGroup PortOption port = new PortOption();

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "of the whole IP packet, which must not be fragmented")
  int size;

  @Option(names = "-6", description = "by IPv6, where both have both families")
  boolean ipv6;

  @Override
  public Integer call() {
    TraceReport report;
    try {
      report = Tracing.run(source, new TraceWish(from, to, port.kind(), port.number(), size, ipv6));
    } catch (NaruException cannot) {
      spec.commandLine().getErr().println("naru: " + cannot.sentence());
      return ReportFormat.NOT_EXAMINED;
    }
    boolean colour = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    format.print(spec.commandLine().getOut(), report, new TraceText(colour).lines(report));
    return report.exitCode();
  }
}

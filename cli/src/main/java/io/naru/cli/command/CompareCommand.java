package io.naru.cli.command;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.doctor.compare.Comparison;
import io.naru.doctor.files.FilesExamination;
import io.naru.doctor.files.FilesOptions;
import io.naru.doctor.report.ComparisonText;
import io.naru.doctor.report.ReportText;
import io.naru.doctor.verdict.Conclusions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru compare}. */
@Command(
    name = "compare",
    description = "Which packets left one node and never reached the other, from two captures.",
    footer = {
      "Capture at both nodes at once, for example: tcpdump -i eth0 -w node1.pcap host PEER",
      "A node is named like its file. Exit code: 0 nothing is lost, 1 it is known why, 2 it is known"
          + " where, 3 the files cannot be compared."
    })
final class CompareCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin FilesOption files;
  @Mixin ReportFormat format;

  @Parameters(
      paramLabel = "CAPTURE",
      arity = "1..2",
      description = "one of each node, or one of naru capture, which holds both")
  List<Path> captures = List.of();

  /** What is printed as JSON. */
  record Compared(Comparison comparison, DoctorReport report) {}

  @Override
  public Integer call() throws Exception {
    return ReportFormat.examined(spec, this::compared);
  }

  private int compared() {
    FilesOptions options = files.options(spec, Optional.empty(), List.of());
    Comparison comparison = FilesExamination.compare(captures, options);
    DoctorReport report = Conclusions.report(List.of(comparison), List.of(), List.of());
    List<String> lines = new ArrayList<>(ComparisonText.lines(comparison));
    lines.add("");
    lines.addAll(ReportText.lines(report, false));
    format.print(spec.commandLine().getOut(), new Compared(comparison, report), lines);
    return report.exitCode();
  }
}

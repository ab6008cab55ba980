package io.naru.cli.command;

import io.naru.doctor.audit.AuditReport;
import io.naru.doctor.audit.Network;
import io.naru.doctor.files.FilesExamination;
import io.naru.doctor.report.AuditText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru audit}. */
@Command(
    name = "audit",
    description = "Which port that a network needs between its nodes is not open, and for whom.",
    footer = {
      "Files: aws ec2 describe-security-groups --output json; iptables-save; ip6tables-save;"
          + " nft -j list ruleset; tar archives of those.",
      "Exit code: 0 all is open, 1 something is not, 3 the files cannot be read."
    })
final class AuditCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin FilesOption files;
  @Mixin ReportFormat format;

  @Option(
      names = "--for",
      paramLabel = "NETWORK",
      defaultValue = "naru",
      description = "naru, flannel, cilium or calico (default: ${DEFAULT-VALUE})")
  String network = "naru";

  @Option(
      names = "--nodes",
      paramLabel = "GROUP",
      split = ",",
      description = "Security groups of nodes; mostly their names tell it.")
  List<String> groups = new ArrayList<>();

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to audit.")
  List<Path> paths = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    return ReportFormat.examined(spec, this::audited);
  }

  private int audited() {
    Optional<Network> wanted = Network.of(network);
    if (wanted.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--for knows naru, flannel, cilium and calico, not '" + network + "'");
    }
    List<AuditReport> audits = FilesExamination.audit(paths, files.options(spec, wanted, groups));
    format.print(spec.commandLine().getOut(), audits, AuditText.lines(audits));
    return audits.stream().mapToInt(AuditReport::exitCode).max().orElse(0);
  }
}

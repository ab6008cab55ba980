package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.cli.output.Listing;
import io.naru.core.diagnosis.ClusterEvidence;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.judge.Diagnosis;
import io.naru.core.error.NaruException;
import io.naru.doctor.files.FilesExamination;
import io.naru.doctor.report.ReportText;
import io.naru.lab.Lab;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code naru doctor}. */
@Command(
    name = "doctor",
    description = {
      "Which hop loses packets, why, and what to type.",
      "All agents that can be asked look closely for two to four seconds, at the same time."
    },
    footer = {
      "Exit code: 0 healthy, 1 everything found has a name, 2 something is located and not explained,",
      "3 could not examine."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int COULD_NOT_EXAMINE = 3;
  private static final String RESUME = "naru node resume ";

  @Spec CommandSpec spec;
  @Mixin AgentSource source;
  @Mixin OutputOption output;

  @Option(
      names = "--from",
      paramLabel = "NODE|POD",
      description = "only what packets from there, and their answers, meet")
  @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "NODE|POD",
      description = "only what packets to there, and their answers, meet")
  @Nullable String to;

  @ArgGroup PortOption port = new PortOption();

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = {
        "also try every backend of this service (NAMESPACE/NAME, or NAME alone) from --from,",
        "by default from this node, in a lab from each: whose trouble is it?"
      })
  @Nullable String service;

  @Mixin FilesOption about;

  @ArgGroup(
      exclusive = false,
      validate = false,
      heading = "%nOn nodes that run another network, without any agent:%n")
  PeerOption peer = new PeerOption();

  @Option(
      names = "--files",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "captures, security groups, packet filters, or archives of them: no agent is asked")
  List<Path> files = new ArrayList<>();

  @Option(
      names = "--fix",
      description = "do what is marked as safe, after showing it; nothing else is touched")
  boolean fix;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (service != null && (to != null || port.number() > 0 || isElsewhere())) {
      throw new ParameterException(
          spec.commandLine(),
          "--service says what is tried, by agents: give it alone, or with --from");
    }
    DoctorReport report;
    try {
      if (peer.isAsked(spec)) {
        report =
            peer.examine(spec, from, to)
                .about(
                    Optional.ofNullable(from).map(PeerOption::node),
                    Optional.ofNullable(to).map(PeerOption::node));
      } else {
        report =
            files.isEmpty()
                ? examinedToo()
                : FilesExamination.examine(files, about.options(spec, Optional.empty(), List.of()));
      }
    } catch (NaruException nobody) {
      spec.commandLine().getErr().println("naru: could not examine: " + nobody.sentence());
      return COULD_NOT_EXAMINE;
    }
    boolean colour = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    Listing.print(out, output.format, report, ReportText.lines(report, colour));
    if (fix) {
      fix(report);
    }
    return report.exitCode();
  }

  /** The one remedy that can harm nothing is to let a paused agent repair what it knows of. */
  private void fix(DoctorReport report) {
    PrintWriter err = spec.commandLine().getErr();
    List<String> commands =
        report.verdicts().stream()
            .flatMap(verdict -> verdict.remedy().stream())
            .filter(Remedy::safe)
            .map(Remedy::command)
            .distinct()
            .toList();
    if (commands.isEmpty()) {
      err.println("naru: nothing here is safe to do without a person's judgement");
    }
    for (String command : commands) {
      if (command.startsWith(RESUME)) {
        err.println("doing: " + command);
        source.agent(command.substring(RESUME.length())).resume();
      }
    }
    err.flush();
  }

  private boolean isElsewhere() {
    return peer.isAsked(spec) || !files.isEmpty();
  }

  private DoctorReport examinedToo() {
    return service == null
        ? PortExamination.of(spec, source, from, to, port).with(this::examined)
        : ServiceExamination.of(source, service, Optional.ofNullable(from)).with(this::examined);
  }

  private DoctorReport examined() {
    if (source.isSilentHere()) {
      Optional<DoctorReport> here = SilentNode.here();
      if (here.isPresent()) {
        return here.get();
      }
    }
    if (!source.isLab()) {
      ClusterEvidence cluster = AgentClient.local().examineCluster();
      return Diagnosis.of(cluster.nodes(), cluster.unasked());
    }
    return examined(source.lab());
  }

  private static DoctorReport examined(Lab lab) {
    List<NodeEvidence> evidence = new ArrayList<>();
    List<String> unasked = new ArrayList<>();
    Map<String, AgentClient> agents = AgentSource.ofLab(lab);
    List<Future<NodeEvidence>> answers;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      answers =
          agents.entrySet().stream()
              .map(agent -> threads.submit(() -> asked(lab, agent.getKey(), agent.getValue())))
              .toList();
    }
    @Nullable NaruException failure = null;
    for (Future<NodeEvidence> answer : answers) {
      try {
        evidence.add(answer.get());
      } catch (ExecutionException failed) {
        if (!(failed.getCause() instanceof NaruException silent)) {
          throw new IllegalStateException("an examination failed", failed.getCause());
        }
        failure = silent;
        unasked.add(silent.sentence());
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      }
    }
    if (evidence.isEmpty() && failure != null) {
      throw failure;
    }
    return Diagnosis.of(evidence, unasked);
  }

  private static NodeEvidence asked(Lab lab, String node, AgentClient agent) {
    try {
      return agent.examine();
    } catch (NaruException silent) {
      return SilentNode.of(lab, node).orElseThrow(() -> silent);
    }
  }
}

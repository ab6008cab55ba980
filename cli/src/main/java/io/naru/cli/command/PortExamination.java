package io.naru.cli.command;

import io.naru.api.trace.TraceWish;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.judge.PortVerdict;
import io.naru.core.error.NaruException;
import io.naru.core.trace.ProbeKind;
import io.naru.core.trace.TraceEnd;
import io.naru.core.trace.TraceReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What the doctor was asked about alone: the way between two ends, and perhaps one port.
 *
 * @param from the end that sends, by name
 * @param to the other one
 * @param port the kind of probe and its port, if one was asked for
 */
record PortExamination(
    AgentSource source, Optional<String> from, Optional<String> to, Optional<Port> port) {
  /** A port of a protocol. */
  record Port(ProbeKind kind, int number) {}

  static PortExamination of(
      CommandSpec spec,
      AgentSource source,
      @Nullable String from,
      @Nullable String to,
      PortOption option) {
    Optional<Port> port =
        option.kind() == ProbeKind.ECHO
            ? Optional.empty()
            : Optional.of(new Port(option.kind(), option.number()));
    if (port.isPresent() && (from == null || to == null)) {
      throw new ParameterException(
          spec.commandLine(), "a port is tried between two ends: give --from and --to as well");
    }
    return new PortExamination(source, Optional.ofNullable(from), Optional.ofNullable(to), port);
  }

  /** The examination of the cluster, kept to those ends, and the port tried meanwhile. */
  DoctorReport with(Supplier<DoctorReport> examination) {
    if (from.isEmpty() && to.isEmpty()) {
      return examination.get();
    }
    Optional<String> sender = from.flatMap(this::node);
    Optional<String> receiver = to.flatMap(this::node);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Optional<Future<TraceReport>> tried =
          port.map(wanted -> threads.submit(() -> trace(wanted.kind(), wanted.number())));
      DoctorReport report = examination.get().about(sender, receiver);
      return tried.isPresent() ? with(report, tried.get()) : report;
    }
  }

  private DoctorReport with(DoctorReport report, Future<TraceReport> tried) {
    try {
      TraceReport trace = tried.get();
      Optional<TraceReport> plain =
          PortVerdict.needsPlainTrace(trace)
              ? Optional.of(trace(ProbeKind.ECHO, 0))
              : Optional.empty();
      return PortVerdict.with(report, trace, plain);
    } catch (ExecutionException failed) {
      if (!(failed.getCause() instanceof NaruException cannot)) {
        throw new IllegalStateException("a trace failed", failed.getCause());
      }
      List<String> notExamined = new ArrayList<>(report.notExamined());
      notExamined.add("the port: " + cannot.sentence());
      return new DoctorReport(false, report.verdicts(), report.examined(), notExamined);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return report;
    }
  }

  private TraceReport trace(ProbeKind kind, int number) {
    return Tracing.run(
        source, new TraceWish(from.orElseThrow(), to.orElseThrow(), kind, number, 0, false));
  }

  /** The node that an end is on; empty where it is outside of the cluster. */
  private Optional<String> node(String name) {
    TraceEnd end = Tracing.place(source, name);
    return end.node().map(Object::toString);
  }
}

package io.naru.doctor.look;

import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.error.NaruException;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.observe.filter.DropTrace;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A trace of the packet filter that is taken away also when the program is interrupted. */
final class TracedFilter implements AutoCloseable {
  private final DropTrace trace;
  private final NetworkNamespace namespace;
  private final Thread interrupted;

  private TracedFilter(DropTrace trace, NetworkNamespace namespace, Thread interrupted) {
    this.trace = trace;
    this.namespace = namespace;
    this.interrupted = interrupted;
  }

  /** Starts to trace packets to these UDP ports in the calling thread's namespace. */
  static TracedFilter start(List<Integer> ports) {
    NetworkNamespace namespace = NetworkNamespace.current();
    AtomicReference<@Nullable DropTrace> running = new AtomicReference<>();
    Thread interrupted = Thread.ofPlatform().unstarted(() -> namespace.run(() -> end(running)));
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      DropTrace trace = DropTrace.start(ports);
      running.set(trace);
      return new TracedFilter(trace, namespace, interrupted);
    } catch (NaruException refused) {
      forget(interrupted);
      namespace.close();
      throw refused;
    }
  }

  /** The table and the program that listens: neither ends by itself. */
  private static void end(AtomicReference<@Nullable DropTrace> running) {
    DropTrace trace = running.get();
    if (trace == null) {
      DropTrace.sweep();
    } else {
      trace.close();
    }
  }

  List<RuleDrop> drops() {
    return trace.drops();
  }

  private static void forget(Thread hook) {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The program ends: the hook does its work.
    }
  }

  @Override
  public void close() {
    trace.close();
    forget(interrupted);
    namespace.close();
  }
}

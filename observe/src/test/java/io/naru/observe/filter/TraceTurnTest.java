package io.naru.observe.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.nftables.Nftables;
import io.naru.observe.OwnNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a trace leaves in a namespace, and to whom, when programs end or meet there. */
class TraceTurnTest {
  private final OwnNamespace own = OwnNamespace.create();
  private final NetworkNamespace namespace = own.namespace();

  @AfterEach
  void remove() {
    namespace.run(DropTrace::sweep); // also the lock of a program that was killed
    own.close();
  }

  /** Traces in its namespace, or takes the turn only, until it is killed. */
  static final class Other {
    private Other() {}

    public static void main(String[] arguments) throws IOException {
      if (arguments[0].equals("trace")) {
        var _ = DropTrace.start(List.of(8472));
      } else {
        var _ = TraceTurn.take(Duration.ZERO).orElseThrow();
      }
      System.out.println("ready");
      System.in.read();
    }
  }

  private Process other(String what) {
    return namespace.call(
        () -> {
          try {
            Process process =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        what)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader reader =
                new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            assertThat(reader.readLine()).isEqualTo("ready");
            return process;
          } catch (IOException broke) {
            throw new UncheckedIOException(broke);
          }
        });
  }

  private boolean isThere() {
    return namespace.call(() -> Nftables.listJson("tables")).contains(DropTrace.TABLE);
  }

  @Test
  void aSweepRemovesTheTableOfAKilledProgram() throws InterruptedException {
    Process killed = other("trace");
    List<ProcessHandle> listeners = killed.descendants().toList();
    killed.destroyForcibly().waitFor();
    try {
      assertThat(isThere()).isTrue();
      namespace.run(DropTrace::sweep);
      assertThat(isThere()).isFalse();
    } finally {
      listeners.forEach(ProcessHandle::destroy);
    }
  }

  @Test
  void aSweepLeavesTheTableOfAnotherProgramThatTraces() throws InterruptedException {
    Process running = other("trace");
    List<ProcessHandle> listeners = running.descendants().toList();
    try {
      namespace.run(DropTrace::sweep);
      assertThat(isThere()).isTrue();
    } finally {
      running.destroyForcibly().waitFor();
      listeners.forEach(ProcessHandle::destroy);
    }
  }

  @Test
  void twoProgramsDoNotTraceInOneNamespace() throws InterruptedException {
    Process running = other("turn");
    try {
      assertThatThrownBy(() -> namespace.call(() -> DropTrace.start(List.of(8472))))
          .hasMessageContaining("another trace");
      assertThat(isThere()).isFalse();
    } finally {
      running.destroyForcibly().waitFor();
    }
    namespace.call(() -> DropTrace.start(List.of(8472))).close();
  }

  /** The first try makes the lock's file, and has the lock only at the next. */
  @Test
  void whoIsInterruptedMeanwhileLeavesNoFile() throws InterruptedException {
    for (int i = 0; i < 60; i++) {
      Thread taker =
          new Thread(
              () ->
                  namespace.run(
                      () -> TraceTurn.take(Duration.ofSeconds(5)).ifPresent(TraceTurn::close)));
      taker.start();
      LockSupport.parkNanos(i * 500_000L);
      taker.interrupt();
      taker.join();
      assertThat(namespace.call(TraceTurn::file)).doesNotExist();
    }
  }

  @Test
  void aBusyTunnelLeavesTheTrialsPortItsOwnShare() {
    String rules =
        namespace.call(
            () -> {
              try (DropTrace _ = DropTrace.start(List.of(8472, 8477))) {
                return Nftables.listWithoutElements("inet", DropTrace.TABLE);
              }
            });
    assertThat(rules.lines().filter(line -> line.contains("udp dport 8477 limit rate")).count())
        .isEqualTo(2);
    assertThat(rules.lines().filter(line -> line.contains("udp dport 8472 limit rate")).count())
        .isEqualTo(2);
  }

  @Test
  void anEndedTraceLeavesNoProgram() {
    List<ProcessHandle> before = ProcessHandle.current().descendants().toList();
    namespace.run(() -> DropTrace.start(List.of(8472)).close());
    ProcessHandle.current()
        .descendants()
        .filter(process -> !before.contains(process))
        .forEach(process -> process.onExit().join());
    assertThat(isThere()).isFalse();
  }
}

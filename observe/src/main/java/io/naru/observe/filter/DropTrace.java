package io.naru.observe.filter;

import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.nftables.Nftables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Has nftables trace the tunnel's packets and the probes for a moment, a bounded number of them,
 * and hears which rule drops one (nft(8), "monitor").
 */
public final class DropTrace implements AutoCloseable {
  static final String TABLE = "naru-trace";

  /** Also where the table is not there: to delete what is missing would be an error. */
  private static final String GONE =
      "table inet " + TABLE + " {}\ndelete table inet " + TABLE + "\n";

  /** A trace is a message for each rule that a packet meets: enough packets, and no more. */
  private static final int PACKETS_A_SECOND = 100;

  private static final Duration PATIENCE = Duration.ofMillis(1500);

  /** A monitor that outlives a killed program would listen for ever. */
  private static final String LONGEST_SECONDS = "120";

  private final AtomicBoolean closed = new AtomicBoolean();
  private final Process monitor;
  private final TraceTurn turn;
  private final DropLines lines = new DropLines();

  private DropTrace(Process monitor, TraceTurn turn) {
    this.monitor = monitor;
    this.turn = turn;
    Thread.ofPlatform().daemon().name("naru-trace").start(this::read);
  }

  /** Starts to trace packets to these UDP ports, each up to its own limit. */
  public static DropTrace start(List<Integer> ports) {
    // A busy tunnel must not use up the share of the few packets of a trial.
    return startFor(ports.stream().distinct().map(port -> "udp dport " + port).toList());
  }

  /**
   * Starts to trace packets that one of these matches of nft(8) names. One trace at a time: another
   * one waits for it a moment.
   *
   * @throws NaruException UNAVAILABLE if nft does not run or another trace lasts too long
   */
  public static DropTrace startFor(List<String> matches) {
    String set =
        Stream.concat(
                matches.stream(),
                Stream.of(
                    "icmp type destination-unreachable", "icmpv6 type destination-unreachable"))
            .map(
                match -> match + " limit rate " + PACKETS_A_SECOND + "/second meta nftrace set 1\n")
            .collect(Collectors.joining());
    TraceTurn turn = takeTurn();
    try {
      // Before connection tracking and every filter; a chain of its own cannot be in anyone's way.
      Nftables.apply(
          GONE
              + "table inet "
              + TABLE
              + " {\n chain in { type filter hook prerouting priority -350; policy accept;\n"
              + set
              + " }\n chain out { type filter hook output priority -350; policy accept;\n"
              + set
              + " }\n}\n");
      ProcessBuilder builder =
          new ProcessBuilder("timeout", LONGEST_SECONDS, "nft", "-a", "monitor", "trace");
      builder.redirectErrorStream(true);
      return new DropTrace(builder.start(), turn);
    } catch (IOException noProgram) {
      end(turn);
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "nft cannot be run under timeout(1): install nftables and coreutils",
          noProgram);
    } catch (NaruException failed) {
      if (Thread.currentThread().isInterrupted()) {
        end(turn); // the kernel may have taken the rules before nft ended
      } else {
        turn.close();
      }
      throw failed;
    }
  }

  private static TraceTurn takeTurn() {
    return TraceTurn.take(PATIENCE)
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.UNAVAILABLE,
                    Thread.currentThread().isInterrupted()
                        ? "interrupted while another trace of the packet filter ran"
                        : "another trace of the packet filter runs; try again"));
  }

  /** Removes what a killed program left in this namespace; a trace that runs is left alone. */
  public static void sweep() {
    try (TraceTurn turn = TraceTurn.take(Duration.ZERO).orElse(null)) {
      if (turn != null && isThere()) {
        remove();
      }
    }
  }

  private static boolean isThere() {
    return Nftables.tableExists("inet", TABLE);
  }

  private static void remove() {
    Nftables.apply(GONE);
  }

  private static void end(TraceTurn turn) {
    try {
      removeThoughInterrupted();
    } finally {
      turn.close();
    }
  }

  /** An interrupt ends what the thread does, and not what it has to put in order. */
  private static void removeThoughInterrupted() {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          remove();
          return;
        } catch (NaruException failed) {
          if (!Thread.currentThread().isInterrupted()) {
            throw failed;
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(monitor.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException ended) {
      // It was closed.
    }
  }

  /** The rules that dropped a packet so far. */
  public List<RuleDrop> drops() {
    return lines.drops();
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    monitor.destroy();
    end(turn);
  }
}

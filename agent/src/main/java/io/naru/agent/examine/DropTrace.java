package io.naru.agent.examine;

import io.naru.core.diagnosis.NodeEvidence.RuleDrop;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.probe.ProbePacket;
import io.naru.linux.nftables.Nftables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Has nftables trace the tunnel's packets and the probes for a moment, a bounded number of them,
 * and hears which rule drops one (nft(8), "monitor").
 */
public final class DropTrace implements AutoCloseable {
  private static final String TABLE = "naru-trace";

  /** A trace is a message for each rule that a packet meets: enough packets, and no more. */
  private static final int PACKETS_A_SECOND = 100;

  private static final Pattern LINE =
      Pattern.compile("trace id (\\S+) (\\S+ \\S+ \\S+) (packet:|rule|policy|verdict) ?(.*)");
  private static final Pattern DROPPED =
      Pattern.compile("(.*?)(?: # handle (\\d+))? \\(verdict drop\\)");
  private static final int LONGEST_LINE = 4096;

  private final Process monitor;
  private final DropLines lines = new DropLines();

  private DropTrace(Process monitor) {
    this.monitor = monitor;
    Thread.ofPlatform().daemon().name("naru-trace").start(this::read);
  }

  /** Starts to trace packets to these UDP ports and of probes. */
  static DropTrace start(int vxlanPort, int otherPort) {
    String match = "udp dport { " + vxlanPort + ", " + ProbePacket.PORT + ", " + otherPort + " }";
    String set = match + " limit rate " + PACKETS_A_SECOND + "/second meta nftrace set 1\n";
    // Before connection tracking and every filter; a chain of its own cannot be in anyone's way.
    Nftables.apply(
        "table inet "
            + TABLE
            + " {}\ndelete table inet "
            + TABLE
            + "\ntable inet "
            + TABLE
            + " {\n chain in { type filter hook prerouting priority -350; policy accept;\n"
            + set
            + " }\n chain out { type filter hook output priority -350; policy accept;\n"
            + set
            + " }\n}\n");
    try {
      ProcessBuilder builder = new ProcessBuilder("nft", "-a", "monitor", "trace");
      builder.redirectErrorStream(true);
      return new DropTrace(builder.start());
    } catch (IOException noProgram) {
      sweep();
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "nft cannot be run: install nftables", noProgram);
    }
  }

  /** Removes what a killed agent left. */
  public static void sweep() {
    Nftables.apply("table inet " + TABLE + " {}\ndelete table inet " + TABLE + "\n");
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
  List<RuleDrop> drops() {
    return lines.drops();
  }

  @Override
  public void close() {
    monitor.destroy();
    sweep();
  }

  /** Understands the lines; pure but for what it remembers. */
  static final class DropLines {
    private static final int MOST = 1000;

    private final Map<String, String> hooks = new LinkedHashMap<>();
    private final Set<RuleDrop> drops = new LinkedHashSet<>();

    synchronized void add(String line) {
      Matcher matcher = LINE.matcher(line.length() > LONGEST_LINE ? "" : line.strip());
      if (!matcher.matches() || matcher.group(2).startsWith("inet " + TABLE + " ")) {
        return;
      }
      String chain = matcher.group(2);
      String key = matcher.group(1) + " " + chain;
      String rest = matcher.group(4);
      switch (matcher.group(3)) {
        case "packet:" -> {
          if (hooks.size() < MOST) {
            hooks.put(key, hook(rest));
          }
        }
        case "rule" -> {
          Matcher dropped = DROPPED.matcher(rest);
          if (dropped.matches()) {
            drops.add(
                new RuleDrop(
                    chain,
                    hooks.getOrDefault(key, "through"),
                    withoutCounts(dropped.group(1)),
                    Optional.ofNullable(dropped.group(2))));
          }
        }
        default -> {
          if (rest.strip().startsWith("drop")) {
            drops.add(
                new RuleDrop(
                    chain, hooks.getOrDefault(key, "through"), "policy drop", Optional.empty()));
          }
        }
      }
    }

    private static String hook(String packet) {
      boolean in = packet.contains("iif ");
      boolean out = packet.contains("oif ");
      return in == out ? "through" : in ? "in" : "out";
    }

    private static String withoutCounts(String rule) {
      return rule.replaceAll("counter packets \\d+ bytes \\d+ ?", "counter ").strip();
    }

    synchronized List<RuleDrop> drops() {
      return List.copyOf(drops);
    }
  }
}

package io.naru.cli.demo;

import io.naru.api.AgentClient;
import io.naru.api.PathRow;
import io.naru.cli.command.NaruCommand;
import io.naru.cli.command.PathMerge;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import io.naru.linux.call.Rest;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where the story is told: prints a text, runs a command as the user would, waits for an event. */
final class Stage {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(250);

  private final PrintWriter out;
  private final boolean fast;
  private final boolean colour;
  private final String lab;
  private volatile boolean ended;

  Stage(PrintWriter out, boolean fast, String lab) {
    this.out = out;
    this.fast = fast;
    this.colour = isTerminal(System.console()) && System.getenv("NO_COLOR") == null;
    this.lab = lab;
  }

  private static boolean isTerminal(@Nullable Console console) {
    return console != null && console.isTerminal();
  }

  /** The demo is interrupted: from now on nothing more is told, while the lab is removed. */
  void end() {
    out.println();
    out.println("Interrupted. Removing the demo's lab …");
    out.flush();
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }

  /** Does not come back once the demo is interrupted. */
  void standStill() {
    while (ended) {
      LockSupport.park(this); // the program ends as soon as the lab is gone
    }
  }

  /** A heading. */
  void chapter(String title) {
    standStill();
    out.println();
    out.println(styled("1", "━━ " + title + " " + "━".repeat(Math.max(0, 74 - title.length()))));
    out.println();
    out.flush();
  }

  /** A paragraph, and time to read it. */
  void say(String text) {
    standStill();
    out.println(text.strip());
    out.println();
    out.flush();
    pause(Duration.ofMillis(1500 + 35L * text.length()));
  }

  /** Runs a command of this program on the demo's lab, in the open. */
  int run(String command) {
    standStill();
    out.println(styled("36", "$ naru " + command));
    out.flush();
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    int options = words.contains("--") ? words.indexOf("--") : words.size();
    words.addAll(options, List.of(words.getFirst().equals("lab") ? "--name" : "--lab", lab));
    int exit = NaruCommand.line().setOut(out).setErr(out).execute(words.toArray(String[]::new));
    standStill();
    out.println();
    out.flush();
    pause(Duration.ofMillis(2500));
    return exit;
  }

  /** Runs a command that must succeed. */
  void mustRun(String command) {
    int exit = run(command);
    if (exit != 0) {
      throw new NaruException(
          ErrorCode.INTERNAL, "the demo's command failed with " + exit + ": naru " + command);
    }
  }

  /** Runs a command that must fail: the outage is real. */
  void mustFail(String command) {
    if (run(command) == 0) {
      throw new NaruException(
          ErrorCode.INTERNAL, "the outage was not there: this should have failed: naru " + command);
    }
  }

  /** Waits until the paths are as expected, and says how long that took. */
  void await(String what, Predicate<List<PathRow>> expected) {
    long began = System.nanoTime();
    long said = began;
    while (!expected.test(paths())) {
      standStill();
      long now = System.nanoTime();
      if (now - began > LIMIT.toNanos()) {
        run("path list");
        throw new NaruException(ErrorCode.INTERNAL, "waited in vain: " + what);
      }
      if (now - said > 1_000_000_000L) {
        said = now;
        out.printf(Locale.ROOT, "  %s … %d s%n", what, (now - began) / 1_000_000_000L);
        out.flush();
      }
      sleep(LOOK);
    }
    out.printf(Locale.ROOT, "  %s: after %.1f s%n%n", what, (System.nanoTime() - began) / 1e9);
    out.flush();
  }

  List<PathRow> paths() {
    Lab standing = Lab.find(lab).orElseThrow();
    List<PathRow> rows = new ArrayList<>();
    for (var node : standing.topology().nodes()) {
      Path socket = standing.agentSocket(node.name()).orElseThrow();
      rows.addAll(new AgentClient(socket, "the demo's agent is down").paths(false));
    }
    return PathMerge.merged(rows);
  }

  private void pause(Duration time) {
    if (!fast) {
      sleep(time);
    }
  }

  private static void sleep(Duration time) {
    Rest.of(time, "the demo was interrupted");
  }

  private String styled(String style, String text) {
    return colour ? "\033[" + style + "m" + text + "\033[0m" : text;
  }
}

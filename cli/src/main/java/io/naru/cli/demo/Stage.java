package io.naru.cli.demo;

import io.naru.api.AgentClient;
import io.naru.api.PathRow;
import io.naru.cli.command.NaruCommand;
import io.naru.cli.command.PathMerge;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import io.naru.lab.process.Program;
import io.naru.linux.call.Rest;
import java.io.Console;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the story is told: prints a text, runs a command as the user would, waits for an event. */
final class Stage {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(250);

  private static final int WIDTH = 100;

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
    return run(command, out);
  }

  private int run(String command, PrintWriter to) {
    standStill();
    typed(command);
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    int options = words.contains("--") ? words.indexOf("--") : words.size();
    words.addAll(options, List.of(words.getFirst().equals("lab") ? "--name" : "--lab", lab));
    int exit = NaruCommand.line().setOut(to).setErr(out).execute(words.toArray(String[]::new));
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

  /** Runs a command that must fail, and say all of this. */
  void mustFail(String command, String... said) {
    StringWriter told = new StringWriter();
    int exit = run(command, both(told));
    boolean missing = Arrays.stream(said).anyMatch(text -> !told.toString().contains(text));
    if (exit == 0 || missing) {
      throw new NaruException(
          ErrorCode.INTERNAL,
          "this should have failed and said " + List.of(said) + ": naru " + command);
    }
  }

  /** Writes to the audience, and into the text. */
  private PrintWriter both(StringWriter text) {
    return new PrintWriter(out) {
      @Override
      public void write(char[] characters, int from, int length) {
        super.write(characters, from, length);
        text.write(characters, from, length);
      }

      @Override
      public void write(String string, int from, int length) {
        super.write(string, from, length);
        text.write(string, from, length);
      }
    };
  }

  /** Asks a name so many times in the open; as many answers must come as wanted. */
  void mustAnswer(Queries queries, int times, int least, int most) {
    standStill();
    typed(queries.command());
    out.flush();
    List<Boolean> answers = queries.ask(standing(), times);
    standStill();
    long came = answers.stream().filter(answer -> answer).count();
    String row =
        answers.stream()
            .map(answer -> answer ? styled("32", "✓") : styled("31", "✗"))
            .collect(Collectors.joining());
    String often = times == 1 ? "once" : times + " times";
    out.printf(Locale.ROOT, "  %s: %s   %d answered%n%n", often, row, came);
    out.flush();
    pause(Duration.ofMillis(2500));
    if (came < least || came > most) {
      throw new NaruException(
          ErrorCode.INTERNAL,
          "of %d queries %d were answered, not %d to %d: naru %s"
              .formatted(times, came, least, most, queries.command()));
    }
  }

  /** States a number that must be as expected. */
  void mustCount(String what, long number, LongPredicate expected) {
    standStill();
    out.printf(Locale.ROOT, "  %s: %d%n%n", what, number);
    out.flush();
    if (!expected.test(number)) {
      throw new NaruException(ErrorCode.INTERNAL, "this number is wrong: " + what + ": " + number);
    }
  }

  /** Waits until so many queries in a row are answered, in silence. */
  void awaitAnswered(Queries queries, int times) {
    awaitSilently(
        "answers to " + queries.command(),
        () -> queries.ask(standing(), times).stream().allMatch(answer -> answer));
  }

  /** Waits until a command succeeds, in silence. */
  void awaitCommand(String where, List<String> command) {
    awaitSilently(
        "success of " + command,
        () -> Program.of(standing().execCommand(where, command)).tryRun("").exitCode() == 0);
  }

  private void awaitSilently(String what, BooleanSupplier expected) {
    long began = System.nanoTime();
    while (!expected.getAsBoolean()) {
      standStill();
      if (System.nanoTime() - began > LIMIT.toNanos()) {
        throw new NaruException(ErrorCode.INTERNAL, "waited in vain: " + what);
      }
      sleep(LOOK);
    }
  }

  /** Waits until every node has a healthy path to every other. */
  void awaitHealthy() {
    int nodes = standing().topology().nodes().size();
    await(
        "all paths are healthy",
        paths ->
            paths.size() == nodes * (nodes - 1)
                && paths.stream().allMatch(path -> path.state().equals("healthy")));
  }

  /** Waits until a path is broken between the two nodes' interfaces. */
  void awaitBroken(String from, String to) {
    await(
        from + " → " + to + " is reported as broken",
        paths ->
            paths.stream()
                .anyMatch(
                    path ->
                        path.from().equals(from)
                            && path.to().equals(to)
                            && path.state().equals("broken")));
  }

  private Lab standing() {
    return Lab.find(lab).orElseThrow();
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
    Lab standing = standing();
    List<PathRow> rows = new ArrayList<>();
    for (var node : standing.topology().nodes()) {
      Path socket = standing.agentSocket(node.name()).orElseThrow();
      rows.addAll(new AgentClient(socket, "the demo's agent is down").paths(false));
    }
    return PathMerge.merged(rows);
  }

  /** A command in lines that fit. */
  private void typed(String command) {
    String line = "$ naru " + command;
    while (line.length() > WIDTH && line.lastIndexOf(' ', WIDTH - 2) > 4) {
      int cut = line.lastIndexOf(' ', WIDTH - 2);
      out.println(styled("36", line.substring(0, cut) + " \\"));
      line = "    " + line.substring(cut + 1);
    }
    out.println(styled("36", line));
    out.flush();
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

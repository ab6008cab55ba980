package io.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.naru.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README tells people to type is what the program understands. */
class ReadmeTest {
  /** A line of a code block: perhaps a prompt, then the program. */
  private static final Pattern LINE =
      Pattern.compile("\\s*(?:\\S*[#$] )?(?:bin/)?naru (?<arguments>.+)");

  /** A command within a sentence or a table. */
  private static final Pattern INLINE = Pattern.compile("`(?:bin/)?naru (?<arguments>[^`]+)`");

  /** What a shell would not hand to the program: a comment, or a request for the background. */
  private static final Pattern SHELL = Pattern.compile("\\s+(#.*|&\\s*(#.*)?)$");

  static Stream<String> commands() {
    return commands(Documents.read("README.md")).stream();
  }

  private static List<String> commands(String markdown) {
    List<String> commands = new ArrayList<>();
    boolean code = false;
    for (String line : markdown.lines().toList()) {
      if (line.strip().startsWith("```")) {
        code = !code;
      } else if (code) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          commands.add(SHELL.matcher(matcher.group("arguments")).replaceFirst("").strip());
        }
      } else {
        INLINE.matcher(line).results().forEach(found -> commands.add(found.group(1).strip()));
      }
    }
    return commands;
  }

  private static void parse(String command) {
    var parsed = NaruCommand.line().parseArgs(command.split("\\s+", -1));
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    assertThat(parsed.commandSpec().userObject())
        .as("a whole command: naru " + command)
        .isNotInstanceOf(Group.class);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandOfTheReadmeIsOne(String command) {
    assertThatCode(() -> parse(command)).as("naru " + command).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lab destroy", "lab up --node 3", "path", "lab break", "demo --quick"})
  void aCommandThatIsNoneWouldBeFound(String command) {
    assertThat(catchThrowable(() -> parse(command))).as("naru " + command).isNotNull();
  }

  @Test
  void commandsAreFoundWhereverTheyStand() {
    assertThat(
            commands(
                """
                Type `naru clean`, not `clean`.
                ```
                bin/naru demo      # both outages (--fast: without pauses)
                host1# naru server &                    # --config FILE
                  $ naru path list
                node1  node2  vxlan
                ```
                """))
        .containsExactly("clean", "demo", "server", "path list");
    assertThat(commands()).hasSizeGreaterThan(15).contains("demo", "lab down", "agent --dry-run");
  }
}

package io.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.core.configuration.ConfigurationException;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class NaruCommandTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private CommandLine line() {
    CommandLine line = NaruCommand.line();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line;
  }

  private int run(String... arguments) {
    return line().execute(arguments);
  }

  /** Fails as it is told to. */
  @Command
  private static final class Failing implements Callable<Integer> {
    private final RuntimeException failure;

    Failing(RuntimeException failure) {
      this.failure = failure;
    }

    @Override
    public Integer call() {
      throw failure;
    }
  }

  private int fail(RuntimeException failure) {
    CommandLine line = line();
    line.addSubcommand("fail", new CommandLine(new Failing(failure)));
    CommandLine failing = line.getSubcommands().get("fail");
    failing.setExecutionExceptionHandler(line.getExecutionExceptionHandler());
    failing.setErr(new PrintWriter(err, true));
    return line.execute("fail");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "lab",
        "path",
        "path list --no-such-option",
        "path list -o xml",
        "lab up --nodes many",
        "lab up --firewall ajar",
        "agent --can-reach nowhere"
      })
  void aMistakeOnTheCommandLineIsTwo(String arguments) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).isNotBlank().doesNotContain("at io.naru");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "lab up --help", "path list --help", "--version"})
  void helpIsZero(String arguments) {
    assertThat(run(arguments.split(" "))).isZero();
    assertThat(out.toString()).containsIgnoringCase("naru");
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void aFailureIsOneAndMissingRightsAreThree(ErrorCode code) {
    int expected = code == ErrorCode.NOT_PERMITTED ? 3 : 1;
    assertThat(fail(new NaruException(code, "it is so"))).isEqualTo(expected);
    assertThat(err.toString()).isEqualTo("naru: it is so" + System.lineSeparator());
  }

  @Test
  void aMistakeOfOursSaysSo() {
    assertThat(fail(new IllegalStateException("oops"))).isEqualTo(1);
    assertThat(err.toString()).contains("a mistake in Naru itself").contains("oops");
  }

  @Test
  void aLabThatDoesNotStandIsOne() {
    assertThat(run("path", "list", "--lab", "no-such-lab")).isEqualTo(1);
    assertThat(err.toString()).startsWith("naru: ").contains("no-such-lab");
  }

  @Test
  void everyMistakeOfAConfigurationFileIsPrinted() throws Exception {
    Path file = directory.resolve("network.yaml");
    Files.writeString(
        file,
        """
        clusterCidrs: [10.244.0.0/33]
        vni: 16777216
        vxlanPort: zero
        transport: pigeon
        colour: blue
        """);
    assertThat(
            run(
                "server",
                "--config",
                file.toString(),
                "--data",
                directory.resolve("data").toString(),
                "--socket",
                directory.resolve("s.sock").toString()))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains("5 mistakes", "clusterCidrs", "vni", "vxlanPort", "transport", "colour");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing but a comment", "{}", "---"})
  void anEmptyConfigurationIsTheDefault(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("network.yaml"), text);
    assertThat(ServerCommand.read(file)).isEqualTo(NetworkConfiguration.defaults());
  }

  @ParameterizedTest
  @ValueSource(strings = {"- a\n- b", "just words", "vni: [", "vni: 1\nvni: 2", "7"})
  void aFileThatIsNoConfigurationIsNamed(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("network.yaml"), text);
    NaruException refused =
        catchThrowableOfType(NaruException.class, () -> ServerCommand.read(file));
    assertThat(refused)
        .isNotNull()
        .returns(ErrorCode.BAD_CONFIGURATION, NaruException::code)
        .hasMessageContaining("network.yaml");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = directory.resolve("nowhere.yaml");
    NaruException refused =
        catchThrowableOfType(NaruException.class, () -> ServerCommand.read(file));
    assertThat(refused).hasMessageContaining("nowhere.yaml");
  }

  @Test
  void aMistakeInAJsonFileIsNamedToo() throws Exception {
    Path file = Files.writeString(directory.resolve("network.json"), "{\"vni\": -1}");
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> ServerCommand.read(file));
    assertThat(refused.mistakes()).hasSize(1);
  }
}

package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without root, every command that needs it says so, in a sentence. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RightsTest {
  private static final String NOBODY = "65534";

  private Path copy;

  /** Nobody may not be able to read the installation where it stands. */
  @BeforeAll
  void copyTheInstallation(@TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER) Path own)
      throws IOException {
    copy = own;
    String script =
        """
        cp -r '%1$s' '%2$s/bin' && mkdir '%2$s/build' && cp -r '%3$s' '%2$s/build/naru' &&
        sed -i 's#%4$s/#%2$s/#g' '%2$s/build/naru/classpath' && rm -f '%2$s/build/naru/naru.aot' &&
        chmod -R a+rX '%2$s'
        """
            .formatted(
                Installation.home("bin"),
                copy,
                Installation.home("build/naru"),
                Installation.home(""));
    Command.of("bash", "-c", script).run();
  }

  @AfterAll
  void removeTheCopy() {
    Command.of("rm", "-rf", copy.toString()).run();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "lab up --name terights",
        "lab down --name terights",
        "lab break mtu-hole",
        "lab heal",
        "agent",
        "server",
        "clean",
        "install",
        "token create",
        "node rm node1",
        "node add x --address 192.0.2.1 --vtep-mac 02:00:00:00:00:01 --pod-cidr 10.244.9.0/24",
        "node pause node1",
        "lab pod run p --node node1",
        "lab exec node1 -- true"
      })
  void aCommandThatNeedsRootSaysSo(String arguments) {
    List<String> words =
        new ArrayList<>(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
    words.addAll(List.of("env", "NARU_INSIDE=1", copy.resolve("bin/naru").toString()));
    words.addAll(List.of(arguments.split(" ")));
    Command.Result result = Command.of(words).tryRun();
    assertThat(result.err().lines().filter(line -> !line.isBlank()))
        .as(result.told())
        .hasSize(1)
        .allMatch(line -> line.startsWith("naru: ") && line.contains("root"));
    assertThat(result.err()).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(result.exitCode()).as(result.told()).isEqualTo(3);
  }
}

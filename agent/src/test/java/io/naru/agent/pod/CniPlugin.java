package io.naru.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A plugin as a runtime runs it: a program in the node's namespace, its parameters in the
 * environment.
 */
record CniPlugin(Path program, TestNamespace node, Map<String, String> environment) {
  record Outcome(int exitCode, String output) {
    JsonNode json() {
      return JsonMapper.shared().readTree(output);
    }

    int code() {
      return json().get("code").asInt();
    }

    String message() {
      return json().get("msg").asString();
    }
  }

  CniPlugin {
    environment = Map.copyOf(environment);
  }

  /** An error object with a code, and a message that has these words. */
  static void assertError(Outcome outcome, int code, String... words) {
    assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(1);
    assertThat(outcome.code()).as(outcome.output()).isEqualTo(code);
    for (String word : words) {
      assertThat(outcome.message()).contains(word);
    }
    assertThat(outcome.json().get("cniVersion").asString()).isNotEmpty();
    assertThat(outcome.json().get("details").asString()).isNotEmpty();
  }

  CniPlugin with(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(environment);
    changed.put(name, value);
    return new CniPlugin(program, node, changed);
  }

  CniPlugin without(String name) {
    Map<String, String> changed = new LinkedHashMap<>(environment);
    changed.remove(name);
    return new CniPlugin(program, node, changed);
  }

  /** For one attachment. */
  CniPlugin of(TestNamespace pod, String interfaceName) {
    return with("CNI_CONTAINERID", pod.name())
        .with("CNI_NETNS", pod.path())
        .with("CNI_IFNAME", interfaceName);
  }

  Outcome run(String command, String configuration) {
    return run(command, configuration.getBytes(StandardCharsets.UTF_8));
  }

  Outcome run(String command, byte[] configuration) {
    return node.namespace().call(() -> runHere(command, configuration));
  }

  /**
   * Kills it in the middle.
   *
   * @param milliseconds how long it may run
   */
  void runAndKill(String command, String configuration, int milliseconds) {
    node.namespace()
        .run(
            () -> {
              Process process = start(command, configuration.getBytes(StandardCharsets.UTF_8));
              try {
                boolean _ = process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              process.destroyForcibly();
            });
  }

  private Process start(String command, byte[] configuration) {
    ProcessBuilder builder = new ProcessBuilder(List.of(program.toString()));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeIf(name -> name.startsWith("CNI_"));
    builder.environment().putAll(new TreeMap<>(environment));
    builder.environment().put("CNI_COMMAND", command);
    try {
      Process process = builder.start();
      try (var input = process.getOutputStream()) {
        input.write(configuration);
      } catch (IOException endedEarly) {
        // A program that refuses the input need not read all of it.
      }
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome runHere(String command, byte[] configuration) {
    Process process = start(command, configuration);
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

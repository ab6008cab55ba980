package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.process.ProcessIdentity;
import io.naru.lab.process.Program;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.NetworkScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node as it runs: a first process that holds its PID, mount and UTS namespaces, and an agent
 * inside. Killing the first process is the crash of the node.
 */
record Node(LabDirectory directory, LabRecord lab, LabNode spec) {
  private Path state() {
    return directory.node(spec.name());
  }

  private Path log() {
    return state().resolve("node.log");
  }

  private Path agentLog() {
    return state().resolve("agent.log");
  }

  /** Sets up the underlay interface, and starts the node without its agent. */
  void start() {
    Namespaces.configure(spec.namespace(), NetworkScript.node(spec));
    for (String own : List.of("var-lib-naru", "etc-naru", "etc-cni", "opt-cni/bin", "cgroup")) {
      LabDirectory.makeDirectory(state().resolve(own));
    }
    installCniPlugin();
    List<String> words = new ArrayList<>(Namespaces.enter(spec.namespace()));
    words.addAll(List.of("unshare", "--pid", "--fork", "--kill-child", "--uts", "--mount"));
    // Namespaces of pods that come later must appear in the node; its own mounts stay inside.
    words.addAll(List.of("--propagation", "slave", "bash", directory.script("node.sh").toString()));
    words.addAll(List.of(spec.name(), state().toString()));
    Process process = program(words).startWithOutput(log());
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      if (!"ready".equals(output.readLine())) {
        throw new NaruException(
            ErrorCode.KERNEL_REFUSED,
            spec.name() + " cannot make its own file systems: " + Logs.tail(log()));
      }
    } catch (IOException unreadable) {
      throw new NaruException(
          ErrorCode.KERNEL_REFUSED, spec.name() + " ended while it started", unreadable);
    }
  }

  private void installCniPlugin() {
    Path plugin = state().resolve("opt-cni/bin/naru-cni");
    LabDirectory.attempt(
        "install the CNI plugin " + lab.programs().cniPlugin(),
        () -> {
          Files.copy(lab.programs().cniPlugin(), plugin, StandardCopyOption.REPLACE_EXISTING);
          return Files.setPosixFilePermissions(
              plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
        });
  }

  /** Starts the agent and waits until it answers. */
  void startAgent(String token) {
    // In a file, because arguments can be read by every user of the machine.
    Path tokenFile = state().resolve("token");
    LabDirectory.attempt("write " + tokenFile, () -> Files.writeString(tokenFile, token));
    try {
      startAgent(tokenFile);
    } finally {
      LabDirectory.attempt("remove " + tokenFile, () -> Files.deleteIfExists(tokenFile));
    }
  }

  private void startAgent(Path tokenFile) {
    Process process =
        program(enter(lab.programs().agent(tokenFile, lab.spec().datapath()))).start(agentLog());
    Waiting.until(
        "the agent of " + spec.name() + " to answer",
        () -> {
          if (!process.isAlive()) {
            throw new NaruException(
                ErrorCode.UNAVAILABLE,
                "the agent of %s ended with exit code %d: %s"
                    .formatted(spec.name(), process.exitValue(), Logs.tail(agentLog())));
          }
          return agentAnswers();
        },
        () -> Logs.tail(agentLog()));
  }

  /** The first process, if it lives. */
  Optional<ProcessIdentity> holder() {
    Path file = state().resolve("holder");
    try {
      return Optional.of(Files.readString(file))
          .filter(text -> !text.isBlank())
          .map(ProcessIdentity::parse)
          .filter(ProcessIdentity::isAlive);
    } catch (IOException notStarted) {
      return Optional.empty();
    }
  }

  boolean agentAnswers() {
    return holder().filter(holder -> Sockets.answers(holder, LabPrograms.AGENT_SOCKET)).isPresent();
  }

  /** The words that run a command on the node. */
  List<String> enter(List<String> command) {
    ProcessIdentity holder =
        holder()
            .orElseThrow(
                () ->
                    new NaruException(
                        ErrorCode.UNAVAILABLE,
                        spec.name() + " is not running: its first process has ended"));
    List<String> words = new ArrayList<>();
    words.addAll(List.of("nsenter", "--target", Long.toString(holder.pid())));
    words.addAll(List.of("--net", "--mount", "--pid", "--uts", "--"));
    words.addAll(command);
    return words;
  }

  private Program program(List<String> words) {
    return new Program(words, Map.of(LabRecord.VARIABLE, lab.id()));
  }
}

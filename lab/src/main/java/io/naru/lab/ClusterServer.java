package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.process.ProcessIdentity;
import io.naru.lab.process.Program;
import io.naru.lab.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster's server: it runs in the fabric, at the first subnet's gateway address. */
record ClusterServer(LabDirectory directory, LabRecord lab, Topology topology) {
  private Path log() {
    return directory.server().resolve("server.log");
  }

  private Path holder() {
    return directory.server().resolve("holder");
  }

  /** Starts the server, waits until it answers, and returns a token to join with. */
  String start() {
    Path configuration = directory.server().resolve("config.json");
    Path data = directory.server().resolve("data");
    LabDirectory.makeDirectory(data);
    LabDirectory.write(configuration, LabNetwork.configuration(topology.spec()));
    List<String> words = new ArrayList<>(Namespaces.enter(topology.fabricNamespace()));
    words.addAll(List.of("unshare", "--mount", "--propagation", "slave"));
    words.addAll(List.of("bash", directory.script("server.sh").toString()));
    words.addAll(lab.programs().server(data, topology.serverAddresses(), configuration));
    Process process = program(words).start(log());
    // setsid, nsenter, unshare and bash each give way to the next: the number stays the server's.
    ProcessIdentity.of(process.pid())
        .ifPresent(
            identity ->
                LabDirectory.attempt(
                    "write " + holder(), () -> Files.writeString(holder(), identity.toString())));
    Waiting.until(
        "the server to answer",
        () -> {
          if (!process.isAlive()) {
            throw new NaruException(
                ErrorCode.UNAVAILABLE,
                "the server ended with exit code %d: %s"
                    .formatted(process.exitValue(), Logs.tail(log())));
          }
          return answers();
        },
        () -> Logs.tail(log()));
    return createToken();
  }

  /** Asks the server for a token that a node can join with. */
  String createToken() {
    ProcessIdentity server =
        process()
            .orElseThrow(
                () -> new NaruException(ErrorCode.UNAVAILABLE, "the lab's server is not running"));
    List<String> words = new ArrayList<>();
    words.addAll(List.of("nsenter", "--target", Long.toString(server.pid())));
    words.addAll(List.of("--net", "--mount", "--"));
    words.addAll(lab.programs().createToken(topology.serverAddresses()));
    return program(words).run().strip();
  }

  private Optional<ProcessIdentity> process() {
    try {
      return Optional.of(Files.readString(holder()))
          .filter(text -> !text.isBlank())
          .map(ProcessIdentity::parse)
          .filter(ProcessIdentity::isAlive);
    } catch (IOException notStarted) {
      return Optional.empty();
    }
  }

  /** Its socket as this process sees it; empty while it does not run. */
  Optional<Path> socket() {
    return process().map(process -> Sockets.seenFromHere(process, LabPrograms.SERVER_SOCKET));
  }

  boolean answers() {
    return process()
        .filter(process -> Sockets.answers(process, LabPrograms.SERVER_SOCKET))
        .isPresent();
  }

  private Program program(List<String> words) {
    return new Program(words, Map.of(LabRecord.VARIABLE, lab.id()));
  }
}

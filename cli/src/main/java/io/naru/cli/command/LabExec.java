package io.naru.cli.command;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code naru lab exec NODE|POD|world|fabric -- CMD…}; ends with the command's own exit code. */
@Command(name = "exec", description = "Run a command in a node, a pod, world or fabric.")
final class LabExec implements Callable<Integer> {
  @Mixin LabSource source;

  @Parameters(index = "0", paramLabel = "WHERE", description = "a node, a pod, world or fabric")
  String target = "";

  @Parameters(index = "1..*", paramLabel = "COMMAND", description = "after --")
  List<String> command = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    RootRights.require("Entering a namespace");
    List<String> words = source.lab().execCommand(target, command);
    try {
      ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
      builder.environment().put("NARU_INSIDE", "1");
      return builder.start().waitFor();
    } catch (IOException notStarted) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "cannot run " + words.getFirst() + ": " + notStarted.getMessage(),
          notStarted);
    }
  }
}

package io.naru.cli.demo;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Queries for one name, by dig in a pod: each comes from a port of its own, has one second, and is
 * not repeated.
 *
 * @param pod who asks
 * @param server address of the one asked; empty for the one in the pod's resolv.conf
 * @param expected the address that is the answer
 */
record Queries(String pod, Optional<String> server, String name, String expected) {
  private static final int AT_ONCE = 5;

  /** As a user would type it. */
  String command() {
    return "lab exec " + pod + " -- " + String.join(" ", words());
  }

  private List<String> words() {
    List<String> words = new ArrayList<>(List.of("dig"));
    server.ifPresent(address -> words.add("@" + address));
    words.addAll(List.of(name, "+short", "+tries=1", "+time=1"));
    return List.copyOf(words);
  }

  /** Asks so many times; of each query, whether the right answer came. */
  List<Boolean> ask(Lab lab, int times) {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Callable<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        all.add(() -> isAnswered(lab));
      }
      List<Boolean> answers = new ArrayList<>();
      for (Future<Boolean> answer : threads.invokeAll(all)) {
        answers.add(answer.get());
      }
      return List.copyOf(answers);
    } catch (ExecutionException failed) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "cannot run dig: " + failed.getCause(), failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new NaruException(ErrorCode.UNAVAILABLE, "the demo was interrupted", interrupted);
    }
  }

  private boolean isAnswered(Lab lab) throws IOException, InterruptedException {
    Process dig =
        new ProcessBuilder(lab.execCommand(pod, words()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String printed;
    try (var reader = dig.inputReader()) {
      printed = String.join("\n", reader.readAllLines());
    }
    return dig.waitFor() == 0 && printed.strip().equals(expected);
  }
}

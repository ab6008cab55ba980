package io.naru.doctor.ends;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.look.LookOptions.Start;
import io.naru.doctor.peer.Look;
import io.naru.doctor.peer.PeerNetwork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs {@code naru collect} on another host, by ssh(1) or {@code kubectl exec}. That prints a line
 * when its taps are open, with addresses of pods there, waits for one with those of all nodes, and
 * then prints its look.
 *
 * @param end where
 * @param command the program and its arguments, no shell here splits them
 */
record RemoteLook(End end, List<String> command) {
  /** What the other side prints when its taps are open. */
  public static final String READY = "naru collect: ready";

  private static final int LARGEST = 16 << 20;
  private static final int MOST_ERRORS = 2000;
  private static final int NOT_FOUND = 127;
  private static final Duration CONNECTING = Duration.ofSeconds(15);

  RemoteLook {
    command = List.copyOf(command);
  }

  private static List<String> collect(PeerNetwork network, Duration probing, String session) {
    return List.of(
        "naru",
        "collect",
        "--peer",
        network.toString(),
        "--seconds",
        String.valueOf(probing.toSeconds()),
        "--session",
        session,
        "--paced");
  }

  static RemoteLook by(End.Ssh ssh, PeerNetwork network, Duration probing, String session) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=8", "-T", "--"));
    words.add(ssh.destination());
    words.addAll(collect(network, probing, session));
    return new RemoteLook(ssh, words);
  }

  static RemoteLook by(End.Pod pod, PeerNetwork network, Duration probing, String session) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("kubectl", "exec", "-i", "-n", pod.namespace(), pod.name(), "--"));
    words.addAll(collect(network, probing, session));
    return new RemoteLook(pod, words);
  }

  /** The look; UNAVAILABLE with the other side's own words if there is none. */
  Look run(Start start, Duration probing) {
    Process process = started();
    Thread watch = endAfter(process, CONNECTING.plus(probing).plusSeconds(15));
    FutureTask<String> errors = new FutureTask<>(() -> read(process.getErrorStream()));
    Thread.ofPlatform().daemon().name("naru-remote").start(errors);
    try (InputStream out = process.getInputStream()) {
      String line = line(out);
      if (!line.startsWith(READY)) {
        throw failed(process, errors);
      }
      String go =
          "go " + PodWords.text(start.await(PodWords.parse(line.substring(READY.length()))));
      process.getOutputStream().write((go + "\n").getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
      byte[] document = out.readNBytes(LARGEST + 1);
      if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw failed(process, errors);
      }
      return Look.parse(document);
    } catch (IOException broke) {
      throw failed(process, errors);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new NaruException(ErrorCode.UNAVAILABLE, "the examination was broken off", stop);
    } finally {
      watch.interrupt();
      process.destroy();
    }
  }

  private Process started() {
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException noProgram) {
      throw new NaruException(
          ErrorCode.UNSUPPORTED,
          end + ": the program " + command.getFirst() + " cannot be started: install it",
          noProgram);
    }
  }

  /** A host that hangs must not hang the doctor. */
  private static Thread endAfter(Process process, Duration time) {
    return Thread.ofPlatform()
        .daemon()
        .name("naru-remote-deadline")
        .start(
            () -> {
              try {
                if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n' && line.size() < PodWords.LONGEST; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  /** The beginning of what it complains of; the rest is read and forgotten. */
  private static String read(InputStream errors) throws IOException {
    try (errors) {
      String beginning = new String(errors.readNBytes(MOST_ERRORS), StandardCharsets.UTF_8);
      long _ = errors.transferTo(OutputStream.nullOutputStream());
      return beginning;
    }
  }

  private NaruException failed(Process process, FutureTask<String> errors) {
    try {
      boolean ended = process.waitFor(2, TimeUnit.SECONDS);
      int code = ended ? process.exitValue() : -1;
      String said = said(errors).strip().replaceAll("\\p{C}+", "; ");
      return new NaruException(
          ErrorCode.UNAVAILABLE,
          code == NOT_FOUND || said.contains("not found")
              ? end
                  + " has no program naru: install it there, or run naru collect elsewhere in that"
                  + " node's network namespace and give the file ("
                  + said
                  + ")"
              : end
                  + " could not be looked at: "
                  + (said.isEmpty() ? command.getFirst() + " ended with " + code : said));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return new NaruException(ErrorCode.UNAVAILABLE, "the examination was broken off", stop);
    }
  }

  private static String said(FutureTask<String> errors) throws InterruptedException {
    try {
      return errors.get(1, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException silent) {
      return "";
    }
  }
}

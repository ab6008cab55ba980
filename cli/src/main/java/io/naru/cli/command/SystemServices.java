package io.naru.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tells systemd, and the network's managers it runs, that their files changed. */
final class SystemServices {
  /** There where systemd runs: sd_booted(3). */
  private static final Path BOOTED = Path.of("/run/systemd/system");

  private static final int LONGEST_SECONDS = 60;

  private SystemServices() {}

  /**
   * Lets those that run read their files again.
   *
   * @return what was done, a line each; empty where no systemd runs
   */
  static List<String> reread() {
    if (!Files.isDirectory(BOOTED)) {
      return List.of();
    }
    List<String> done = new ArrayList<>();
    done.add(systemctl("daemon-reload"));
    for (String service : List.of("NetworkManager", "systemd-networkd")) {
      if (run(List.of("systemctl", "--quiet", "is-active", service)) == 0) {
        // networkd reads networkd.conf only when it starts; its links stay as they are meanwhile.
        done.add(
            service.equals("NetworkManager")
                ? systemctl("reload", service)
                : systemctl("restart", service));
      }
    }
    return List.copyOf(done);
  }

  /** Starts units now and with every start of the host. */
  static List<String> start(List<String> units) {
    return Files.isDirectory(BOOTED)
        ? units.stream().map(unit -> systemctl("enable", "--now", unit)).toList()
        : List.of("not started: no systemd runs here");
  }

  private static String systemctl(String... arguments) {
    List<String> words = new ArrayList<>(List.of("systemctl"));
    words.addAll(List.of(arguments));
    int code = run(words);
    return (code == 0 ? "done: " : "failed with " + code + ": ") + String.join(" ", words);
  }

  private static int run(List<String> words) {
    try {
      Process process = new ProcessBuilder(words).inheritIO().start();
      if (process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      process.destroyForcibly();
      return -1;
    } catch (IOException absent) {
      return -1;
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}

package io.naru.cli.demo;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real servers of a story. Each runs in a pod or in the world, and ends with it. */
final class Background {
  /** The world's address, where servers outside of the cluster are. */
  static final String WORLD = "198.51.100.10";

  private Background() {}

  /**
   * Starts dnsmasq, which reads nothing of the host and writes nothing.
   *
   * @param where a pod, or {@code world}
   * @param settings such as {@code --host-record=NAME,ADDRESS}
   */
  static void nameServer(Lab lab, String where, List<String> settings) {
    List<String> words = new ArrayList<>(List.of("dnsmasq", "--keep-in-foreground"));
    words.addAll(List.of("--conf-file=/dev/null", "--pid-file=", "--no-resolv", "--no-hosts"));
    words.addAll(List.of("--user=root", "--no-negcache"));
    words.addAll(settings);
    start(lab, where, words);
  }

  /** Starts a web server in the world, which serves one file out of memory. */
  static void webServer(Lab lab) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String script =
        """
        mount -t tmpfs naru /mnt
        echo "the credentials" >/mnt/index.html
        exec %s -Xmx32m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -m jdk.httpserver -b %s -p 80 -d /mnt
        """
            .formatted(java, WORLD);
    start(lab, "world", List.of("unshare", "--mount", "bash", "-euc", script));
  }

  private static void start(Lab lab, String where, List<String> words) {
    try {
      new ProcessBuilder(lab.execCommand(where, words))
          .redirectInput(Path.of("/dev/null").toFile())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException notStarted) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "cannot start " + words.getFirst() + ": " + notStarted.getMessage(),
          notStarted);
    }
  }
}

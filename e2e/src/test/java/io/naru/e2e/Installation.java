package io.naru.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The programs under test, as bin/naru assembled them. */
final class Installation {
  private static final Path HOME = home();

  private Installation() {}

  private static Path home() {
    Path home = Path.of(System.getProperty("naru.home", "")).toAbsolutePath();
    if (!Files.isExecutable(home.resolve("bin/naru"))
        || !Files.exists(home.resolve("build/naru/classpath"))) {
      throw new AssertionError(
          "Naru is not built in " + home + ": run bin/test there, which builds it first");
    }
    return home;
  }

  static Path home(String below) {
    return HOME.resolve(below);
  }

  static Path cniPlugin() {
    return HOME.resolve("build/naru/naru-cni");
  }

  /** The words that run naru with arguments, anywhere on this machine, without building it. */
  static List<String> words(String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of("/usr/bin/env", "NARU_INSIDE=1", HOME.resolve("bin/naru").toString()));
    words.addAll(List.of(arguments));
    return List.copyOf(words);
  }

  static Command naru(String... arguments) {
    return new Command(words(arguments), Map.of());
  }

  static String randomName(String prefix) {
    return prefix + "%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20));
  }
}

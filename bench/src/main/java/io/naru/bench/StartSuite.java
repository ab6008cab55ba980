package io.naru.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long a command takes from exec to exit, and what of that is the JVM, and the launcher. */
record StartSuite(Installation naru) implements Suite {
  /** As bin/naru has them. */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED");

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public List<Row> rows() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classpath = read(naru.built().resolve("classpath"));
    String launcher = naru.launcher().toString();
    List<String> version = List.of("-cp", classpath, "io.naru.cli.Naru", "--version");
    List<Row> rows = new ArrayList<>();
    rows.add(
        row(
            "java, a class that prints one line",
            List.of(
                java,
                "-cp",
                naru.built().resolve("bench.jar").toString(),
                Trivial.class.getName())));
    rows.add(row("naru --version, the JVM's defaults", joined(List.of(java), version)));
    rows.add(row("naru --version, Naru's options", joined(List.of(java), OPTIONS, version)));
    rows.add(
        row(
            "naru --version, with the cache as well",
            joined(
                List.of(java, "-XX:AOTCache=" + naru.built().resolve("commands.aot")),
                OPTIONS,
                version)));
    rows.add(row("bin/naru --version", List.of(launcher, "--version")));
    naru.lab()
        .ifPresent(
            lab -> {
              rows.add(
                  row("bin/naru lab status", List.of(launcher, "lab", "status", "--lab", lab)));
              rows.add(row("bin/naru path list", List.of(launcher, "path", "list", "--lab", lab)));
            });
    return rows;
  }

  private static Row row(String name, List<String> command) {
    return new Row(name, () -> milliseconds(command));
  }

  private static double milliseconds(List<String> command) {
    try {
      long began = System.nanoTime();
      int code =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      long ended = System.nanoTime();
      if (code != 0) {
        throw new IllegalStateException("exit code " + code + " of " + String.join(" ", command));
      }
      return (ended - began) / 1e6;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  @SafeVarargs
  private static List<String> joined(List<String>... parts) {
    List<String> all = new ArrayList<>();
    for (List<String> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}

package io.naru.bench;

import java.nio.file.Path;

/** The program that calls CNI plugins and takes the time. */
record CniTimer(CompiledProgram compiled) {
  static CniTimer compile() {
    return new CniTimer(CompiledProgram.compile("cni-timer"));
  }

  Path directory() {
    return compiled.scratch().directory();
  }

  String program() {
    return compiled.path();
  }

  /** Writes a network's configuration, and says where. */
  String configuration(String name, String text) {
    return compiled.file(name, text);
  }

  /** Median milliseconds of one CNI command in what the program printed. */
  static double median(String printed, String command) {
    String begin = command + " ";
    return Rounds.median(
        printed
            .lines()
            .filter(line -> line.startsWith(begin))
            .mapToDouble(line -> Double.parseDouble(line.substring(begin.length())) / 1e6)
            .toArray());
  }
}

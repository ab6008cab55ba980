package io.naru.agent.install;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file that an installation puts on a host. */
public sealed interface HostFile {
  /** Where it belongs: an absolute path of the host. */
  String path();

  /**
   * A text, readable by everyone.
   *
   * @param text its content
   */
  record Text(String path, String text) implements HostFile {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * A program, which everyone may run.
   *
   * @param source the file that is copied
   */
  record Program(String path, Path source) implements HostFile {}
}

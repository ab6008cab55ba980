package io.naru.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A small C program that takes the time of something, where starting or calling it from here would
 * cost more than the thing itself.
 *
 * @param scratch where it is
 */
record CompiledProgram(String name, Scratch scratch) {
  /** Compiles NAME.c of this jar. */
  static CompiledProgram compile(String name) {
    String file = name + ".c";
    try (InputStream source = CompiledProgram.class.getResourceAsStream(file)) {
      if (source == null) {
        throw new IllegalStateException("the jar has no " + file);
      }
      CompiledProgram program = new CompiledProgram(name, Scratch.make(name));
      String text = new String(source.readAllBytes(), StandardCharsets.UTF_8);
      Command.of("gcc", "-O2", "-o", program.path(), program.file(file, text)).run();
      return program;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  String path() {
    return scratch.directory().resolve(name).toString();
  }

  /** Writes a file beside it, and says where. */
  String file(String file, String text) {
    return scratch.file(file, text);
  }
}

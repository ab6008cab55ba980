package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.process.Program;
import io.naru.lab.topology.NetworkScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Named network namespaces, as {@code ip netns} keeps them. */
final class Namespaces {
  private static final Path NAMED = Path.of("/run/netns");

  private Namespaces() {}

  static Path file(String namespace) {
    return NAMED.resolve(namespace);
  }

  static boolean exists(String namespace) {
    return Files.exists(file(namespace));
  }

  /** Refuses names that are taken: what bears them is not of a lab that is about to be made. */
  static void requireFree(Collection<String> namespaces) {
    for (String namespace : namespaces) {
      if (exists(namespace)) {
        throw new NaruException(
            ErrorCode.CONFLICT,
            "a network namespace named '%s' exists and belongs to no lab; remove it with 'ip netns del %s' or choose another name"
                .formatted(namespace, namespace));
      }
    }
  }

  static void add(List<String> namespaces) {
    Program.of("ip", "-batch", "-").run(NetworkScript.addNamespaces(namespaces));
  }

  /** Removes those that exist. */
  static void remove(Collection<String> namespaces) {
    List<String> existing = namespaces.stream().filter(Namespaces::exists).toList();
    if (!existing.isEmpty()) {
      Program.of("ip", "-batch", "-").run(NetworkScript.removeNamespaces(existing));
    }
  }

  /** Runs a script of {@code ip} commands inside. */
  static void configure(String namespace, String script) {
    Program.of("ip", "-n", namespace, "-batch", "-").run(script);
  }

  /** A command that runs inside, with the host's file systems. */
  static Program inside(String namespace, String... command) {
    List<String> words = new ArrayList<>(enter(namespace));
    words.addAll(List.of(command));
    return Program.of(words);
  }

  /** The words before a command that is to run inside, with the host's file systems. */
  static List<String> enter(String namespace) {
    return List.of("nsenter", "--net=" + file(namespace), "--");
  }
}

package io.naru.doctor.peer;

import java.util.List;
import java.util.Optional;

/**
 * Something that a node's kernel lacks or has wrong, as its own entries or the other end's show.
 *
 * @param node whose kernel
 * @param fault what that is called, like {@code fdb-missing}
 * @param peer whose packets need it; empty where all do
 * @param sentence what was seen
 * @param commands what puts it right at once; empty where that is not known
 */
record Difference(
    String node, String fault, Optional<String> peer, String sentence, List<String> commands) {
  Difference {
    commands = List.copyOf(commands);
  }

  /**
   * One with a single command.
   *
   * @param command empty where none is known
   */
  Difference(String node, String fault, Optional<String> peer, String sentence, String command) {
    this(node, fault, peer, sentence, command.isEmpty() ? List.of() : List.of(command));
  }
}

package io.naru.doctor.peer;

import java.util.Optional;

/**
 * Something that a node's kernel lacks or has wrong, as its own entries or the other end's show.
 *
 * @param node whose kernel
 * @param fault what that is called, like {@code fdb-missing}
 * @param peer whose packets need it; empty where all do
 * @param sentence what was seen
 * @param command what puts it right at once; empty where that is not known
 */
record Difference(
    String node, String fault, Optional<String> peer, String sentence, String command) {}

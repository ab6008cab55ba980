package io.naru.store.service;

import io.naru.channel.frame.JsonLines;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The line that watches were last sent. A change of thousands of services is megabytes of text, and
 * all watches want the same at once: it is made once, and gone when the last one has it.
 */
final class SharedLines {
  private record Way(long from, long to) {}

  private Optional<Way> way = Optional.empty();
  private WeakReference<byte @Nullable []> line = new WeakReference<>(null);

  /**
   * The line that leads from one revision to another.
   *
   * @param from −1 for the whole
   * @param json what it says, asked only if it is not known
   */
  synchronized byte[] line(long from, long to, Supplier<String> json) {
    Optional<Way> wanted = Optional.of(new Way(from, to));
    byte[] known = line.get();
    if (known == null || !way.equals(wanted)) {
      known = JsonLines.line(json.get());
      way = wanted;
      line = new WeakReference<>(known);
    }
    return known;
  }
}

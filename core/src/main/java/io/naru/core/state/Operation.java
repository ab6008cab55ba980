package io.naru.core.state;

import java.util.Optional;

/** One step of a plan. */
public sealed interface Operation {
  /** The entry that the step is about. */
  KernelEntry entry();

  /** The step as a line for people: {@code + route …}, {@code ~ route …}, {@code - route …}. */
  String text();

  /**
   * Make the entry be there as desired.
   *
   * @param present what is there instead, if anything
   */
  record Put(KernelEntry entry, Optional<KernelEntry> present) implements Operation {
    @Override
    public String text() {
      return (present.isPresent() ? "~ " : "+ ") + entry.text();
    }
  }

  /** Take the entry away: it is ours, and nobody wants it any more. */
  record Remove(KernelEntry entry) implements Operation {
    @Override
    public String text() {
      return "- " + entry.text();
    }
  }
}

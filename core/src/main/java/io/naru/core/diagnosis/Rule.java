package io.naru.core.diagnosis;

import java.util.Optional;
import java.util.Set;

/** One way to explain a path in trouble; pure. */
public interface Rule {
  /** The faults that its findings may name; {@code naru explain} knows each. */
  Set<String> faults();

  /** What explains the case, or empty where this rule's cause is not what was observed. */
  Optional<Finding> explain(PathCase path);
}

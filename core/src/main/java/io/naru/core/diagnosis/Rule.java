package io.naru.core.diagnosis;

import java.util.Optional;

/** One way to explain a path in trouble; pure. */
@FunctionalInterface
public interface Rule {
  /** What explains the case, or empty where this rule's cause is not what was observed. */
  Optional<Finding> explain(PathCase path);
}

package io.naru.agent.loop;

import io.naru.core.cluster.NodeName;
import java.util.Set;

/** What a pass looks at. */
public sealed interface Scope {
  /** All that is ours: reads the whole kernel. */
  record Everything() implements Scope {}

  /** These peers alone: takes the last word about them as what the kernel holds. */
  record Peers(Set<NodeName> names) implements Scope {
    public Peers {
      names = Set.copyOf(names);
    }
  }
}

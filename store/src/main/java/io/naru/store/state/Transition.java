package io.naru.store.state;

import java.util.List;

/**
 * What a command did.
 *
 * @param next the state afterwards: the same one if nothing changed
 * @param events what changed, in order
 */
public record Transition(ClusterState next, List<StateEvent> events) {
  public Transition {
    events = List.copyOf(events);
  }

  static Transition of(ClusterState state, List<? extends StateEvent> events) {
    return events.isEmpty()
        ? new Transition(state, List.of())
        : new Transition(state.after(events), List.copyOf(events));
  }
}

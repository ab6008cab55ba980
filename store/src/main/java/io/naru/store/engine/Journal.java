package io.naru.store.engine;

import io.naru.store.state.StateEvent;
import java.util.List;

/** Where changes are kept. */
public interface Journal extends AutoCloseable {
  /**
   * Keeps changes; when this returns they are as safe as this journal makes them.
   *
   * @param events in order
   * @param revision of the state they lead to
   */
  void append(List<StateEvent> events, long revision);

  @Override
  void close();

  /** Keeps nothing. */
  static Journal none() {
    return new Journal() {
      @Override
      public void append(List<StateEvent> events, long revision) {
        // The state in memory is all there is.
      }

      @Override
      public void close() {
        // Nothing was opened.
      }
    };
  }
}

package io.naru.store;

/** Is told of the cluster's changes, one call at a time, on a thread of the watch. */
public interface StoreListener {
  /**
   * The cluster is like this now. The first call has the whole, every later one all that changed
   * since; changes may be taken together, none is left out, and the revision only grows.
   *
   * @param snapshot the whole state
   * @param touched what differs from the last call's
   */
  void changed(ClusterSnapshot snapshot, Touched touched);

  /** The store answers. */
  default void connected() {}

  /**
   * The store does not answer; the last snapshot stays what is known, and no peer is gone for that.
   *
   * @param why a sentence
   */
  default void disconnected(String why) {}
}

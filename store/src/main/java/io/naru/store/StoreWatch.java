package io.naru.store;

/** A listener's subscription. */
public interface StoreWatch extends AutoCloseable {
  /** Ends it: no call to the listener begins after this returns. */
  @Override
  void close();
}

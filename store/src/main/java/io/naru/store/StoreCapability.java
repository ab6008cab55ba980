package io.naru.store;

/** What a store can do; selects the contract's tests and what a caller may rely on. */
public enum StoreCapability {
  /** Chooses pod CIDRs itself; without it they are assigned elsewhere and only read. */
  ASSIGNS_POD_CIDRS,
  /** What was acknowledged survives the loss of the program and of power. */
  DURABLE,
  /** Reached over a connection that may be lost. */
  REMOTE,
  /** A watch goes on without a gap after a lost connection. */
  SURVIVES_RECONNECT
}

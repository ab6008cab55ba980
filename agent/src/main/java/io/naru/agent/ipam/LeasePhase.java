package io.naru.agent.ipam;

/** How far an attachment has come. */
public enum LeasePhase {
  /** The addresses are reserved; the runtime was not told yet, and the wiring may be half done. */
  PREPARING,
  /** All is done and the runtime may have been told. */
  READY
}

package io.naru.core.diagnosis;

/** What a node's agent does for its kernel. */
public enum AgentWork {
  /** It repairs what differs. */
  REPAIRS,
  /** It runs and repairs nothing, because somebody said so. */
  PAUSED,
  /** It does not run. */
  DOWN
}

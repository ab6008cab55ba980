package io.naru.core.cluster;

/** What runs on a node. */
public enum NodeKind {
  /** A Naru agent: it publishes itself and answers probes. */
  AGENT,
  /** A kernel tunnel end point that someone registered by hand: nothing there answers us. */
  FOREIGN
}

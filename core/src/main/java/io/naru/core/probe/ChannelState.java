package io.naru.core.probe;

/** Whether this agent can talk to a peer's agent over TCP. */
public enum ChannelState {
  /** No attempt has ended yet. */
  UNTRIED,
  OPEN,
  /** The host answered that nobody listens: it is up, its agent is not. */
  REFUSED,
  /** Nothing came back: something drops the packets, or the host is down. */
  SILENT,
  /** Somebody answered who could not prove to be the peer. */
  NOT_AUTHENTICATED
}

package io.naru.core.service;

/** Whether a backend takes connections, as the conditions of a Kubernetes EndpointSlice say. */
public enum BackendState {
  READY("ready"),
  /** It is about to end and still answers: it gets new connections only where none is ready. */
  TERMINATING("terminating"),
  NOT_READY("not-ready");

  private final String text;

  BackendState(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}

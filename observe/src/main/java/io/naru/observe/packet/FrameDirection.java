package io.naru.observe.packet;

/** Which way a frame went at the machine that captured it. */
public enum FrameDirection {
  IN,
  OUT,
  /** The capture does not say. */
  UNKNOWN
}

package io.naru.core.probe;

/** The two sizes every path is probed with: a hole for large packets hides from small ones. */
public enum ProbeSize {
  SMALL("small"),
  /** As large as the largest packet of a pod. */
  FULL("full-size");

  private final String text;

  ProbeSize(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}

package io.naru.cli.output;

/** How a list is printed. */
public enum Format {
  TABLE("table"),
  WIDE("wide"),
  JSON("json"),
  YAML("yaml");

  private final String text;

  Format(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}

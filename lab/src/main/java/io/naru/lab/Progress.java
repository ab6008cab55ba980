package io.naru.lab;

/** Is told what the lab does next. */
@FunctionalInterface
public interface Progress {
  /** One step begins; may be called from any thread. */
  void step(String text);
}

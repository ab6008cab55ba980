package io.naru.lab.fault;

/** A fault that a lab can inject, heal, and prove to have fired. */
public sealed interface Fault permits FabricFault {
  /** Stable name, as users type it and reports print it. */
  String id();

  /** What is wrong, in a few words. */
  String title();

  /** What is injected, and what follows for the pods, in one sentence. */
  String description();

  /** The kind of namespace that it is injected into. */
  String place();
}

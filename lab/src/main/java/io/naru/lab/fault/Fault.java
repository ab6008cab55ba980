package io.naru.lab.fault;

import java.util.List;

/**
 * A fault of pod traffic: injected, healed, and proved to have fired; or known to be beyond a lab.
 */
public sealed interface Fault permits FabricFault, ScriptedFault, ImpossibleFault {
  /** Stable name, as users type it and reports print it. */
  String id();

  /** What is wrong, in a few words. */
  String title();

  /** What is injected, and what follows for the pods, in one sentence. */
  String description();

  /** Where it is injected. */
  Place place();

  /**
   * What an observer of paths must find while it stands, stated by hand; empty if no lab can make
   * it, or if all paths stay healthy.
   */
  List<Expectation> expected();

  /** Whether it breaks services, so that there must be one. */
  default boolean needsService() {
    return false;
  }
}

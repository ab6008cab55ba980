package io.naru.agent.probe;

/** Carries reports between this agent and its peers' agents. */
@FunctionalInterface
public interface ReportExchange {
  /** Sends every peer what is new, and tells the book which peers can be asked. */
  void exchange();
}

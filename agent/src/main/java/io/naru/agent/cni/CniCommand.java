package io.naru.agent.cni;

/** CNI_COMMAND. */
public enum CniCommand {
  ADD,
  DEL,
  CHECK,
  GC,
  STATUS,
  VERSION
}

package io.naru.agent.cni;

import io.naru.core.error.ErrorCode;

/** Error codes that a runtime understands (CNI specification, "Error"), and our own from 100. */
public enum CniErrorCode {
  INCOMPATIBLE_VERSION(1),
  UNSUPPORTED_FIELD(2),
  UNKNOWN_CONTAINER(3),
  INVALID_ENVIRONMENT(4),
  IO_FAILURE(5),
  DECODING_FAILURE(6),
  INVALID_CONFIGURATION(7),
  TRY_AGAIN_LATER(11),
  /** STATUS only: no pod can be added now. */
  NOT_AVAILABLE(50),
  /** STATUS only: no pod can be added now, and those that are there may not reach everything. */
  LIMITED_CONNECTIVITY(51),
  /** No address is left on this node. */
  ADDRESSES_EXHAUSTED(100),
  /** ADD for an attachment that is there, or for a name or an address that another has. */
  ALREADY_ATTACHED(101),
  /** CHECK found something that differs from what ADD made. */
  ATTACHMENT_DIFFERS(102),
  /** The kernel refused an operation. */
  KERNEL_REFUSED(103),
  /** A mistake in Naru itself. */
  INTERNAL(199);

  private final int number;

  CniErrorCode(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  /** What a failure inside the agent is to a runtime. */
  static CniErrorCode of(ErrorCode code) {
    return switch (code) {
      case BAD_INPUT -> INVALID_ENVIRONMENT;
      case BAD_CONFIGURATION -> INVALID_CONFIGURATION;
      case NOT_FOUND -> UNKNOWN_CONTAINER;
      case CONFLICT -> ALREADY_ATTACHED;
      case EXHAUSTED -> ADDRESSES_EXHAUSTED;
      case MALFORMED -> DECODING_FAILURE;
      case UNAVAILABLE -> TRY_AGAIN_LATER;
      case FILE_FAILED -> IO_FAILURE;
      case KERNEL_REFUSED, NOT_PERMITTED, UNSUPPORTED -> KERNEL_REFUSED;
      case NOT_AUTHENTICATED, INTERNAL -> INTERNAL;
    };
  }
}

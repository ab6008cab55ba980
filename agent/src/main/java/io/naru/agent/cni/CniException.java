package io.naru.agent.cni;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;

/** A failure with the code that the runtime is to get. */
public final class CniException extends NaruException {
  private static final long serialVersionUID = 1L;

  private final CniErrorCode cniCode;

  public CniException(CniErrorCode cniCode, String message) {
    super(general(cniCode), message);
    this.cniCode = cniCode;
  }

  public CniErrorCode cniCode() {
    return cniCode;
  }

  private static ErrorCode general(CniErrorCode code) {
    return switch (code) {
      case INCOMPATIBLE_VERSION, UNSUPPORTED_FIELD -> ErrorCode.UNSUPPORTED;
      case UNKNOWN_CONTAINER -> ErrorCode.NOT_FOUND;
      case INVALID_ENVIRONMENT -> ErrorCode.BAD_INPUT;
      case INVALID_CONFIGURATION -> ErrorCode.BAD_CONFIGURATION;
      case IO_FAILURE -> ErrorCode.FILE_FAILED;
      case DECODING_FAILURE -> ErrorCode.MALFORMED;
      case TRY_AGAIN_LATER, NOT_AVAILABLE, LIMITED_CONNECTIVITY -> ErrorCode.UNAVAILABLE;
      case ADDRESSES_EXHAUSTED -> ErrorCode.EXHAUSTED;
      case ALREADY_ATTACHED, ATTACHMENT_DIFFERS -> ErrorCode.CONFLICT;
      case KERNEL_REFUSED -> ErrorCode.KERNEL_REFUSED;
      case INTERNAL -> ErrorCode.INTERNAL;
    };
  }
}

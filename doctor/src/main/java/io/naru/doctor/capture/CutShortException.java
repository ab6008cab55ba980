package io.naru.doctor.capture;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;

/** A capture ends within a packet: what was read before is good. */
public final class CutShortException extends NaruException {
  private static final long serialVersionUID = 1L;

  CutShortException(String message) {
    super(ErrorCode.MALFORMED, message);
  }
}

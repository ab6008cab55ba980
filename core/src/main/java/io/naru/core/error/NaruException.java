package io.naru.core.error;

import io.naru.core.text.Printable;
import org.jspecify.annotations.Nullable;

/** A failure with a stable code and a sentence that says what is wrong and what to do. */
public class NaruException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public NaruException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public NaruException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public final ErrorCode code() {
    return code;
  }

  /** The sentence, fit for a terminal; never null, unlike {@link #getMessage()}. */
  public final String sentence() {
    String message = getMessage();
    return message == null ? code.code() : Printable.text(message);
  }
}

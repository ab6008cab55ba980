package io.naru.core.error;

/** Every way in which Naru refuses or fails, with a code that stays the same across versions. */
public enum ErrorCode {
  /** What the user typed or wrote cannot be used as it is. */
  BAD_INPUT("NARU-INPUT"),
  /** The configuration of the network contradicts itself or the rules of its keys. */
  BAD_CONFIGURATION("NARU-CONFIG"),
  /** Something that was named does not exist. */
  NOT_FOUND("NARU-NOT-FOUND"),
  /** Something with that name or address is already there, and differs. */
  CONFLICT("NARU-CONFLICT"),
  /** No free address, pod CIDR or number is left. */
  EXHAUSTED("NARU-EXHAUSTED"),
  /** The caller has not the rights: usually root or a capability is missing. */
  NOT_PERMITTED("NARU-NOT-PERMITTED"),
  /** The other side proved not to be who it must be, or could not prove anything. */
  NOT_AUTHENTICATED("NARU-NOT-AUTHENTICATED"),
  /** A program, socket or host that is needed does not answer now; trying again may help. */
  UNAVAILABLE("NARU-UNAVAILABLE"),
  /** Bytes from a file, a socket or the network do not follow their format. */
  MALFORMED("NARU-MALFORMED"),
  /** The kernel refused an operation. */
  KERNEL_REFUSED("NARU-KERNEL"),
  /** This kernel or machine lacks a feature that is needed. */
  UNSUPPORTED("NARU-UNSUPPORTED"),
  /** Reading or writing a file failed. */
  FILE_FAILED("NARU-FILE"),
  /** A mistake in Naru itself. */
  INTERNAL("NARU-INTERNAL");

  private final String code;

  ErrorCode(String code) {
    this.code = code;
  }

  /** The stable text of this code, for example {@code NARU-CONFIG}. */
  public String code() {
    return code;
  }
}

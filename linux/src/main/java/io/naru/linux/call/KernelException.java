package io.naru.linux.call;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;

/** The kernel refused an operation: which, why, and what it said itself. */
public final class KernelException extends NaruException {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final int number;
  private final String kernelText;

  /**
   * @param operation what was attempted, as the object of "cannot": {@code "add the route …"}
   * @param number the positive errno
   */
  public KernelException(String operation, int number) {
    this(operation, number, "");
  }

  /**
   * @param operation what was attempted, as the object of "cannot": {@code "add the route …"}
   * @param number the positive errno
   * @param kernelText the kernel's own words from an extended ack, or empty
   */
  public KernelException(String operation, int number, String kernelText) {
    super(codeOf(Errno.of(number)), sentence(operation, number, kernelText));
    this.operation = operation;
    this.number = number;
    this.kernelText = kernelText;
  }

  private static ErrorCode codeOf(Errno errno) {
    return switch (errno) {
      case EPERM, EACCES -> ErrorCode.NOT_PERMITTED;
      case EOPNOTSUPP, ENOSYS, EAFNOSUPPORT, EPROTONOSUPPORT, EPFNOSUPPORT, ESOCKTNOSUPPORT ->
          ErrorCode.UNSUPPORTED;
      default -> ErrorCode.KERNEL_REFUSED;
    };
  }

  private static String sentence(String operation, int number, String kernelText) {
    Errno errno = Errno.of(number);
    String symbol = errno == Errno.UNKNOWN ? "errno " + number : errno.name();
    String said = kernelText.isEmpty() ? "" : "; the kernel says: " + kernelText;
    return "cannot " + operation + ": " + errno.sentence() + " (" + symbol + ")" + said;
  }

  /** The reason; {@link Errno#UNKNOWN} when {@link #number()} is not listed there. */
  public Errno errno() {
    return Errno.of(number);
  }

  /** The positive errno. */
  public int number() {
    return number;
  }

  /** The kernel's own words (NLMSGERR_ATTR_MSG of linux/netlink.h), or empty. */
  public String kernelText() {
    return kernelText;
  }

  /** What was attempted. */
  public String operation() {
    return operation;
  }

  /** Whether it failed because the thing is not there: a removal may count that as done. */
  public boolean isAbsent() {
    return switch (errno()) {
      case ENOENT, ESRCH, ENODEV, EADDRNOTAVAIL, ENXIO -> true;
      default -> false;
    };
  }

  /** Whether the kernel had no room or no time just then: the same may succeed in a moment. */
  public boolean isMomentary() {
    return switch (errno()) {
      case EAGAIN, EBUSY, EINTR, ENOBUFS, ENOMEM -> true;
      default -> false;
    };
  }

  /** Whether it failed because the thing exists already. */
  public boolean isPresent() {
    return errno() == Errno.EEXIST;
  }
}

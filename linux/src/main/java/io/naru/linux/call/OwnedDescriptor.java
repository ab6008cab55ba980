package io.naru.linux.call;

import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor with one owner, who closes it. */
public final class OwnedDescriptor implements AutoCloseable {
  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  private OwnedDescriptor(int number) {
    this.number = number;
  }

  /**
   * Takes over what a call returned.
   *
   * @param result a descriptor, or −errno
   * @param operation what was attempted, as the object of "cannot"
   */
  public static OwnedDescriptor of(int result, String operation) {
    return new OwnedDescriptor(SystemCalls.check(result, operation));
  }

  /** The descriptor's number; of no use after {@link #close()}. */
  public int number() {
    return number;
  }

  /** Closes once; later calls do nothing, so that a number that was given anew stays open. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      int _ = SystemCalls.close(number);
    }
  }
}

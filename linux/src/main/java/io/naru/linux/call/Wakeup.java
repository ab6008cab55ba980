package io.naru.linux.call;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/** Waits until a descriptor can be read, and lets another thread end that wait (eventfd(2)). */
public final class Wakeup implements AutoCloseable {
  /** poll.h. */
  private static final short POLLIN = 1;

  /** sys/eventfd.h: EFD_CLOEXEC | EFD_NONBLOCK. */
  private static final int EVENT_FLAGS = 0x80000 | 0x800;

  private final OwnedDescriptor event =
      OwnedDescriptor.of(SystemCalls.eventfd(0, EVENT_FLAGS), "make an eventfd");

  /** How a wait ended. */
  public enum Outcome {
    READY,
    TIMED_OUT,
    WOKEN
  }

  /** Ends the present wait and every later one. */
  public void wake() {
    try (Arena arena = Arena.ofConfined()) {
      SystemCalls.check(
          SystemCalls.write(event.number(), arena.allocateFrom(ValueLayout.JAVA_LONG, 1L)),
          "write to an eventfd");
    }
  }

  /** Time that is left of a timeout which began at {@code start}; never negative. */
  public static Duration left(Duration timeout, long start) {
    Duration left = timeout.minusNanos(System.nanoTime() - start);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Waits until the descriptor has something to read or an error to tell. */
  public Outcome await(OwnedDescriptor descriptor, Duration timeout) {
    long nanos = saturatedNanos(timeout);
    long start = System.nanoTime();
    try (Arena arena = Arena.ofConfined()) {
      // struct pollfd of poll.h: int fd, short events, short revents.
      MemorySegment entries = arena.allocate(16, 4);
      while (true) {
        put(entries, 0, descriptor.number());
        put(entries, 8, event.number());
        long left = nanos - (System.nanoTime() - start);
        int millis = Math.clamp((left + 999_999) / 1_000_000, 0, Integer.MAX_VALUE);
        int ready = SystemCalls.poll(entries, millis);
        if (ready == -Errno.EINTR.number()) {
          continue;
        }
        SystemCalls.check(ready, "wait for a descriptor");
        if (entries.get(ValueLayout.JAVA_SHORT, 14) != 0) {
          return Outcome.WOKEN;
        }
        if (entries.get(ValueLayout.JAVA_SHORT, 6) != 0) {
          return Outcome.READY;
        }
        if (left <= 0) {
          return Outcome.TIMED_OUT;
        }
      }
    }
  }

  private static long saturatedNanos(Duration timeout) {
    try {
      return Math.min(timeout.toNanos(), Long.MAX_VALUE / 4);
    } catch (ArithmeticException centuries) {
      return Long.MAX_VALUE / 4;
    }
  }

  private static void put(MemorySegment entries, long offset, int descriptor) {
    entries.set(ValueLayout.JAVA_INT, offset, descriptor);
    entries.set(ValueLayout.JAVA_SHORT, offset + 4, POLLIN);
    entries.set(ValueLayout.JAVA_SHORT, offset + 6, (short) 0);
  }

  @Override
  public void close() {
    event.close();
  }
}

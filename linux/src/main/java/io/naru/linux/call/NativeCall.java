package io.naru.linux.call;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One call shape for every function of the C library that is used here.
 *
 * <p>In the C calling conventions of x86_64 (System V) and arm64 (AAPCS64) the first six integer or
 * pointer arguments take one 64-bit register each, variadic or not, and a function does not look at
 * registers beyond its own arguments. So one linkage with six longs serves them all, and its cost,
 * about 80 ms, is paid once, at the first call.
 */
final class NativeCall {
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final ConcurrentHashMap<String, MemorySegment> SYMBOLS = new ConcurrentHashMap<>();

  private NativeCall() {}

  /** Lazy: linked when the first call is made. */
  private static final class Linked {
    static final MethodHandle HANDLE =
        Linker.nativeLinker()
            .downcallHandle(
                FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
                Linker.Option.captureCallState("errno"));
  }

  private static MemorySegment symbol(String function) {
    return SYMBOLS.computeIfAbsent(
        function,
        name ->
            Linker.nativeLinker()
                .defaultLookup()
                .find(name)
                .orElseThrow(
                    () ->
                        new NaruException(
                            ErrorCode.UNSUPPORTED,
                            "the C library of this machine has no function '" + name + "'")));
  }

  /**
   * Calls a function that returns an {@code int}.
   *
   * @return its result, or −errno
   */
  static int callInt(String function, long a, long b, long c, long d, long e, long f) {
    // The upper half of the register is undefined for an int.
    return (int) call(function, true, a, b, c, d, e, f);
  }

  /**
   * Calls a function that returns an {@code ssize_t}.
   *
   * @return its result, or −errno
   */
  static long callLong(String function, long a, long b, long c, long d, long e, long f) {
    return call(function, false, a, b, c, d, e, f);
  }

  private static long call(
      String function, boolean narrow, long a, long b, long c, long d, long e, long f) {
    MemorySegment address = symbol(function);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment capture = arena.allocate(CAPTURE);
      long result = (long) Linked.HANDLE.invokeExact(address, capture, a, b, c, d, e, f);
      if ((narrow ? (int) result : result) == -1) {
        return -(int) ERRNO.get(capture, 0L);
      }
      return result;
    } catch (NaruException known) {
      throw known;
    } catch (Throwable failure) {
      throw new NaruException(
          ErrorCode.INTERNAL, "the call of " + function + " failed in the JVM", failure);
    }
  }
}

package io.naru.linux.call;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The system calls this library needs, by the C library's functions of the same names.
 *
 * <p>Every method returns what the function returns, or −errno. Buffers must be native segments
 * that stay alive during the call. A call that blocks occupies its platform thread.
 */
public final class SystemCalls {
  private SystemCalls() {}

  /** socket(2). */
  public static int socket(int domain, int type, int protocol) {
    return NativeCall.callInt("socket", domain, type, protocol, 0, 0, 0);
  }

  /** bind(2); the whole segment is the address. */
  public static int bind(int descriptor, MemorySegment address) {
    return NativeCall.callInt("bind", descriptor, address.address(), address.byteSize(), 0, 0, 0);
  }

  /** connect(2); the whole segment is the address. */
  public static int connect(int descriptor, MemorySegment address) {
    return NativeCall.callInt(
        "connect", descriptor, address.address(), address.byteSize(), 0, 0, 0);
  }

  /** getsockname(2); the whole segment is room for the address. */
  public static int getsockname(int descriptor, MemorySegment address) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = intSegment(arena, (int) address.byteSize());
      return NativeCall.callInt(
          "getsockname", descriptor, address.address(), size.address(), 0, 0, 0);
    }
  }

  /** sendto(2); the whole segments are the bytes and the address. */
  public static long sendto(int descriptor, MemorySegment bytes, int flags, MemorySegment address) {
    return NativeCall.callLong(
        "sendto",
        descriptor,
        bytes.address(),
        bytes.byteSize(),
        flags,
        address.address(),
        address.byteSize());
  }

  /** send(2). */
  public static long send(int descriptor, MemorySegment bytes, int flags) {
    return NativeCall.callLong("send", descriptor, bytes.address(), bytes.byteSize(), flags, 0, 0);
  }

  /** recvfrom(2); the sender's address is written to the segment given for it. */
  public static long recvfrom(
      int descriptor, MemorySegment bytes, int flags, MemorySegment address) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = intSegment(arena, (int) address.byteSize());
      return NativeCall.callLong(
          "recvfrom",
          descriptor,
          bytes.address(),
          bytes.byteSize(),
          flags,
          address.address(),
          size.address());
    }
  }

  /** read(2). */
  public static long read(int descriptor, MemorySegment bytes) {
    return NativeCall.callLong("read", descriptor, bytes.address(), bytes.byteSize(), 0, 0, 0);
  }

  /** write(2). */
  public static long write(int descriptor, MemorySegment bytes) {
    return NativeCall.callLong("write", descriptor, bytes.address(), bytes.byteSize(), 0, 0, 0);
  }

  /** setsockopt(2) with an int. */
  public static int setsockopt(int descriptor, int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      return setsockopt(descriptor, level, option, intSegment(arena, value));
    }
  }

  /** setsockopt(2); the whole segment is the value. */
  public static int setsockopt(int descriptor, int level, int option, MemorySegment value) {
    return NativeCall.callInt(
        "setsockopt", descriptor, level, option, value.address(), value.byteSize(), 0);
  }

  /** getsockopt(2); the whole segment is room for the value. */
  public static int getsockopt(int descriptor, int level, int option, MemorySegment value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = intSegment(arena, (int) value.byteSize());
      return NativeCall.callInt(
          "getsockopt", descriptor, level, option, value.address(), size.address(), 0);
    }
  }

  /** open(2). */
  public static int open(String path, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      return NativeCall.callInt("open", text(arena, path), flags, mode, 0, 0, 0);
    }
  }

  /** close(2). */
  public static int close(int descriptor) {
    return NativeCall.callInt("close", descriptor, 0, 0, 0, 0, 0);
  }

  /** bpf(2), by syscall(2); the whole segment is the attributes, and may be written to. */
  public static int bpf(int number, int command, MemorySegment attributes) {
    return NativeCall.callInt(
        "syscall", number, command, attributes.address(), attributes.byteSize(), 0, 0);
  }

  /** ioctl(2) with a pointer. */
  public static int ioctl(int descriptor, long request, MemorySegment argument) {
    return NativeCall.callInt("ioctl", descriptor, request, argument.address(), 0, 0, 0);
  }

  /** ioctl(2) with a number. */
  public static int ioctl(int descriptor, long request, long argument) {
    return NativeCall.callInt("ioctl", descriptor, request, argument, 0, 0, 0);
  }

  /**
   * poll(2).
   *
   * @param entries an array of {@code struct pollfd}, 8 bytes each
   * @param timeoutMillis −1 waits without end
   */
  public static int poll(MemorySegment entries, int timeoutMillis) {
    return NativeCall.callInt(
        "poll", entries.address(), entries.byteSize() / 8, timeoutMillis, 0, 0, 0);
  }

  /** eventfd(2). */
  public static int eventfd(int initial, int flags) {
    return NativeCall.callInt("eventfd", initial, flags, 0, 0, 0, 0);
  }

  /** setns(2): moves the calling thread. */
  public static int setns(int descriptor, int kind) {
    return NativeCall.callInt("setns", descriptor, kind, 0, 0, 0, 0);
  }

  /** unshare(2): changes the calling thread. */
  public static int unshare(int flags) {
    return NativeCall.callInt("unshare", flags, 0, 0, 0, 0, 0);
  }

  /** if_nametoindex(3) in the calling thread's network namespace; −ENODEV when there is none. */
  public static int interfaceIndex(String name) {
    try (Arena arena = Arena.ofConfined()) {
      int index = NativeCall.callInt("if_nametoindex", text(arena, name), 0, 0, 0, 0, 0);
      return index == 0 ? -Errno.ENODEV.number() : index;
    }
  }

  /** madvise(2). */
  public static int madvise(long address, long bytes, int advice) {
    return NativeCall.callInt("madvise", address, bytes, advice, 0, 0, 0);
  }

  /** mount(2) without data. */
  public static int mount(String source, String target, String fileSystem, long flags) {
    try (Arena arena = Arena.ofConfined()) {
      return NativeCall.callInt(
          "mount", text(arena, source), text(arena, target), text(arena, fileSystem), flags, 0, 0);
    }
  }

  /** umount2(2). */
  public static int umount2(String target, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return NativeCall.callInt("umount2", text(arena, target), flags, 0, 0, 0, 0);
    }
  }

  private static long text(Arena arena, String value) {
    return arena.allocateFrom(value).address();
  }

  private static MemorySegment intSegment(Arena arena, int value) {
    return arena.allocateFrom(ValueLayout.JAVA_INT, value);
  }

  /** The result of a call, or the exception that −errno stands for. */
  public static int check(int result, String operation) {
    if (result < 0) {
      throw new KernelException(operation, -result);
    }
    return result;
  }

  /** The result of a call, or the exception that −errno stands for. */
  public static long check(long result, String operation) {
    if (result < 0) {
      throw new KernelException(operation, (int) -result);
    }
    return result;
  }
}

package io.naru.linux.bpf;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Commands of bpf(2), with {@code union bpf_attr} of linux/bpf.h as bytes. */
final class BpfCall {
  static final int MAP_CREATE = 0;
  static final int MAP_LOOKUP = 1;
  static final int MAP_NEXT_KEY = 4;
  static final int PROG_LOAD = 5;
  static final int PROG_FD_BY_ID = 13;
  static final int INFO_BY_FD = 15;
  static final int PROG_QUERY = 16;
  static final int RAW_TRACEPOINT_OPEN = 17;

  /** Room for any command's attributes; the kernel wants the rest to be zero. */
  private static final int SIZE = 144;

  private final MemorySegment attributes;
  private final int command;

  BpfCall(Arena arena, int command) {
    this.attributes = arena.allocate(SIZE, 8);
    this.command = command;
  }

  BpfCall u32(int offset, int value) {
    attributes.set(ValueLayout.JAVA_INT, offset, value);
    return this;
  }

  BpfCall address(int offset, MemorySegment value) {
    attributes.set(ValueLayout.JAVA_LONG, offset, value.address());
    return this;
  }

  BpfCall text(int offset, String value) {
    attributes.setString(offset, value, StandardCharsets.US_ASCII);
    return this;
  }

  /** What the kernel wrote there. */
  int u32(int offset) {
    return attributes.get(ValueLayout.JAVA_INT, offset);
  }

  /** A descriptor or 0, or −errno. */
  int run() {
    return SystemCalls.bpf(number(), command, attributes);
  }

  /** __NR_bpf of asm/unistd_64.h and asm-generic/unistd.h. */
  private static int number() {
    return switch (System.getProperty("os.arch", "")) {
      case "amd64" -> 321;
      case "aarch64" -> 280;
      default ->
          throw new NaruException(
              ErrorCode.UNSUPPORTED, "eBPF is not known on " + System.getProperty("os.arch"));
    };
  }
}

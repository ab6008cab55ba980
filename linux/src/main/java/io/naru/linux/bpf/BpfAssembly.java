package io.naru.linux.bpf;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a program of extended BPF (Documentation/bpf/standardization/instruction-set.rst).
 * Registers are numbers, 10 is the frame's pointer; jumps go forward to labels.
 */
final class BpfAssembly {
  static final int FRAME = 10;

  private static final int INSTRUCTION_BYTES = 8;

  /** Size of what is loaded or stored, in an instruction's code. */
  enum Width {
    WORD(0x00),
    HALF(0x08),
    BYTE(0x10),
    DOUBLE(0x18);

    private final int bits;

    Width(int bits) {
      this.bits = bits;
    }
  }

  private record Instruction(int code, int to, int from, int offset, int value, String target) {}

  private final List<Instruction> instructions = new ArrayList<>();
  private final Map<String, Integer> labels = new HashMap<>();

  private BpfAssembly add(int code, int to, int from, int offset, int value, String target) {
    instructions.add(new Instruction(code, to, from, offset, value, target));
    return this;
  }

  /** Names the next instruction. */
  BpfAssembly label(String name) {
    labels.put(name, instructions.size());
    return this;
  }

  /** to = memory[from + offset]. */
  BpfAssembly load(Width width, int to, int from, int offset) {
    return add(0x61 | width.bits, to, from, offset, 0, "");
  }

  /** memory[to + offset] = from. */
  BpfAssembly store(Width width, int to, int offset, int from) {
    return add(0x63 | width.bits, to, from, offset, 0, "");
  }

  /** memory[to] += from, 64 bits, atomically. */
  BpfAssembly addAtomically(int to, int from) {
    return add(0xdb, to, from, 0, 0, "");
  }

  BpfAssembly move(int to, int from) {
    return add(0xbf, to, from, 0, 0, "");
  }

  BpfAssembly set(int to, int value) {
    return add(0xb7, to, 0, 0, value, "");
  }

  BpfAssembly addValue(int to, int value) {
    return add(0x07, to, 0, 0, value, "");
  }

  BpfAssembly addRegister(int to, int from) {
    return add(0x0f, to, from, 0, 0, "");
  }

  BpfAssembly and(int to, int value) {
    return add(0x57, to, 0, 0, value, "");
  }

  BpfAssembly shiftLeft(int to, int bits) {
    return add(0x67, to, 0, 0, bits, "");
  }

  BpfAssembly shiftRight(int to, int bits) {
    return add(0x77, to, 0, 0, bits, "");
  }

  /** 16 bits from network order. */
  BpfAssembly fromNetwork(int to) {
    return add(0xdc, to, 0, 0, 16, "");
  }

  BpfAssembly jump(String target) {
    return add(0x05, 0, 0, 0, 0, target);
  }

  /** Compares 64 bits with a small value. */
  BpfAssembly ifEqual(int register, int value, String target) {
    return add(0x15, register, 0, 0, value, target);
  }

  /** Compares the lower 32 bits. */
  BpfAssembly unlessEqual(int register, int value, String target) {
    return add(0x56, register, 0, 0, value, target);
  }

  /** A function of the kernel's, by its number in linux/bpf.h; it takes registers 1 to 5. */
  BpfAssembly call(int function) {
    return add(0x85, 0, 0, 0, function, "");
  }

  /** to = a map, by its descriptor (BPF_PSEUDO_MAP_FD); takes two instructions. */
  BpfAssembly map(int to, int descriptor) {
    return add(0x18, to, 1, 0, descriptor, "").add(0, 0, 0, 0, 0, "");
  }

  BpfAssembly exit() {
    return add(0x95, 0, 0, 0, 0, "");
  }

  int length() {
    return instructions.size();
  }

  /** {@code struct bpf_insn}: code, two registers, offset, value. Little-endian machines only. */
  MemorySegment toNative(Arena arena) {
    MemorySegment code = arena.allocate((long) instructions.size() * INSTRUCTION_BYTES, 8);
    for (int i = 0; i < instructions.size(); i++) {
      Instruction instruction = instructions.get(i);
      int offset = instruction.offset();
      if (!instruction.target().isEmpty()) {
        offset = labels.getOrDefault(instruction.target(), -1) - i - 1;
        if (offset < 0) {
          throw new NaruException(
              ErrorCode.INTERNAL, "no label " + instruction.target() + " ahead");
        }
      }
      long at = (long) i * INSTRUCTION_BYTES;
      code.set(ValueLayout.JAVA_BYTE, at, (byte) instruction.code());
      code.set(ValueLayout.JAVA_BYTE, at + 1, (byte) (instruction.from() << 4 | instruction.to()));
      code.set(ValueLayout.JAVA_SHORT, at + 2, (short) offset);
      code.set(ValueLayout.JAVA_INT, at + 4, instruction.value());
    }
    return code;
  }
}

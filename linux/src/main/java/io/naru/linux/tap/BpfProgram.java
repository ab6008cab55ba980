package io.naru.linux.tap;

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
 * A classic packet filter (Documentation/networking/filter.rst). It looks at a packet from the
 * link-layer header on and returns how many of its bytes are wanted, 0 for none. A load beyond the
 * packet's end refuses the packet.
 *
 * @param instructions at least one, at most 4096, and the last one returns
 */
public record BpfProgram(List<BpfInstruction> instructions) {
  /** BPF_MAXINSNS of linux/bpf_common.h. */
  private static final int MOST = 4096;

  private static final int INSTRUCTION_BYTES = 8;

  public BpfProgram {
    instructions = List.copyOf(instructions);
    if (instructions.isEmpty() || instructions.size() > MOST) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "a packet filter has 1 to " + MOST + " instructions");
    }
  }

  /** {@code struct sock_fprog}: length, padding to 8 bytes, address of the instructions. */
  MemorySegment toNative(Arena arena) {
    MemorySegment code = arena.allocate((long) instructions.size() * INSTRUCTION_BYTES, 8);
    for (int i = 0; i < instructions.size(); i++) {
      BpfInstruction instruction = instructions.get(i);
      long offset = (long) i * INSTRUCTION_BYTES;
      code.set(ValueLayout.JAVA_SHORT, offset, (short) instruction.code());
      code.set(ValueLayout.JAVA_BYTE, offset + 2, (byte) instruction.ifTrue());
      code.set(ValueLayout.JAVA_BYTE, offset + 3, (byte) instruction.ifFalse());
      code.set(ValueLayout.JAVA_INT, offset + 4, instruction.value());
    }
    MemorySegment program = arena.allocate(16, 8);
    program.set(ValueLayout.JAVA_SHORT, 0, (short) instructions.size());
    program.set(ValueLayout.ADDRESS, 8, code);
    return program;
  }

  /** Size of what is loaded, in the middle bits of an instruction's code. */
  public enum Width {
    WORD(0x00),
    HALF(0x08),
    BYTE(0x10);

    private final int bits;

    Width(int bits) {
      this.bits = bits;
    }
  }

  /** Writes a program; jumps go forward to labels. */
  public static final class Builder {
    // linux/bpf_common.h
    private static final int LD_ABS = 0x20;
    private static final int LD_IND = 0x40;
    private static final int LDX_IMM = 0x01;
    private static final int LDX_MSH = 0xb1;
    private static final int JEQ = 0x15;
    private static final int JSET = 0x45;
    private static final int JGE = 0x35;
    private static final int AND = 0x54;
    private static final int LSH = 0x64;
    private static final int RSH = 0x74;
    private static final int ADD_X = 0x0c;
    private static final int TAX = 0x07;
    private static final int RET = 0x06;

    /** Falls through to the next instruction. */
    private static final String NEXT = "";

    /** An instruction whose jumps are still labels. */
    private record Draft(int code, String ifTrue, String ifFalse, int value) {}

    private final List<Draft> drafts = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();

    private Builder add(int code, int value) {
      drafts.add(new Draft(code, NEXT, NEXT, value));
      return this;
    }

    /** Names the next instruction. */
    public Builder label(String name) {
      if (labels.put(name, drafts.size()) != null) {
        throw new NaruException(ErrorCode.INTERNAL, "the label " + name + " is there twice");
      }
      return this;
    }

    /** A = packet[offset], in network order. */
    public Builder load(Width width, int offset) {
      return add(LD_ABS | width.bits, offset);
    }

    /** A = packet[X + offset], in network order. */
    public Builder loadIndexed(Width width, int offset) {
      return add(LD_IND | width.bits, offset);
    }

    /** X = a constant. */
    public Builder setIndex(int value) {
      return add(LDX_IMM, value);
    }

    /** X = length in bytes of the IPv4 header at that offset. */
    public Builder setIndexToIpv4HeaderLength(int offset) {
      return add(LDX_MSH, offset);
    }

    /** X = A. */
    public Builder copyToIndex() {
      return add(TAX, 0);
    }

    /** A = A + X. */
    public Builder addIndex() {
      return add(ADD_X, 0);
    }

    /** A = A and a constant. */
    public Builder and(int mask) {
      return add(AND, mask);
    }

    /** A = A shifted left. */
    public Builder shiftLeft(int bits) {
      return add(LSH, bits);
    }

    /** A = A shifted right. */
    public Builder shiftRight(int bits) {
      return add(RSH, bits);
    }

    /** Goes to the label when A is the value. */
    public Builder ifEqual(int value, String target) {
      drafts.add(new Draft(JEQ, target, NEXT, value));
      return this;
    }

    /** Goes to the label unless A is the value. */
    public Builder unlessEqual(int value, String target) {
      drafts.add(new Draft(JEQ, NEXT, target, value));
      return this;
    }

    /** Goes to the label when A has one of those bits. */
    public Builder ifAnyBit(int bits, String target) {
      drafts.add(new Draft(JSET, target, NEXT, bits));
      return this;
    }

    /** Goes to the label when A, unsigned, is the value or more. */
    public Builder ifAtLeast(int value, String target) {
      drafts.add(new Draft(JGE, target, NEXT, value));
      return this;
    }

    /** Ends: so many bytes of the packet are wanted, 0 for none. */
    public Builder accept(int bytes) {
      return add(RET, bytes);
    }

    /** The program. */
    public BpfProgram build() {
      List<BpfInstruction> instructions = new ArrayList<>(drafts.size());
      for (int i = 0; i < drafts.size(); i++) {
        Draft draft = drafts.get(i);
        instructions.add(
            new BpfInstruction(
                draft.code(),
                distance(i, draft.ifTrue()),
                distance(i, draft.ifFalse()),
                draft.value()));
      }
      return new BpfProgram(instructions);
    }

    private int distance(int from, String target) {
      if (target.equals(NEXT)) {
        return 0;
      }
      int distance = labels.getOrDefault(target, -1) - from - 1;
      if (distance < 0 || distance > 255) {
        throw new NaruException(
            ErrorCode.INTERNAL, "no label " + target + " within 255 instructions ahead");
      }
      return distance;
    }
  }
}

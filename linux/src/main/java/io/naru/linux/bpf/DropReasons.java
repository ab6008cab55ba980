package io.naru.linux.bpf;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.OwnedDescriptor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Why this kernel throws packets away: UDP to a few ports, in the network namespace of the thread
 * that opens it. A program at the tracepoint skb:kfree_skb counts them until this is closed; it
 * ends with the process at the latest.
 */
public final class DropReasons implements AutoCloseable {
  private static final int MAP_HASH = 1;
  private static final int PROGRAM_TRACING = 26;
  private static final int TRACE_RAW_TP = 23;
  private static final int MOST = 512;
  private static final int LOG_BYTES = 1 << 16;
  private static final String PREFIX = "SKB_DROP_REASON_";

  /** What is known of the kernel does not change while it runs. */
  private record Kernel(DropProgram.Offsets offsets, int tracepoint, Map<Integer, String> names) {
    private static Kernel read() {
      KernelTypes types = KernelTypes.read();
      Map<Integer, String> names = types.enumeration("skb_drop_reason");
      int tracepoint = types.find(KernelTypes.TYPEDEF, "btf_trace_kfree_skb");
      if (names.isEmpty() || tracepoint == 0) {
        throw new NaruException(
            ErrorCode.UNSUPPORTED, "this kernel tells no reason for what it drops");
      }
      return new Kernel(DropProgram.Offsets.of(types), tracepoint, names);
    }
  }

  private static final class Known {
    static final Kernel KERNEL = Kernel.read();
  }

  /**
   * Packets thrown away for one reason.
   *
   * @param reason the kernel's name for it, like {@code NETFILTER_DROP}
   * @param port UDP port that they were for
   */
  public record Dropped(String reason, int port, long packets) {}

  private final OwnedDescriptor map;
  private final OwnedDescriptor program;
  private final OwnedDescriptor attachment;

  private DropReasons(OwnedDescriptor map, OwnedDescriptor program, OwnedDescriptor attachment) {
    this.map = map;
    this.program = program;
    this.attachment = attachment;
  }

  /**
   * Begins to count.
   *
   * @throws NaruException UNSUPPORTED where the kernel tells nothing of its types or of reasons;
   *     NOT_PERMITTED without CAP_SYS_ADMIN, or CAP_BPF and CAP_PERFMON, or under lockdown
   */
  public static DropReasons open(Set<Integer> ports) {
    Kernel kernel = kernel();
    int namespace = namespace();
    try (Arena arena = Arena.ofConfined()) {
      OwnedDescriptor map =
          OwnedDescriptor.of(
              new BpfCall(arena, BpfCall.MAP_CREATE)
                  .u32(0, MAP_HASH)
                  .u32(4, 8)
                  .u32(8, 8)
                  .u32(12, MOST)
                  .run(),
              "create an eBPF map");
      List<OwnedDescriptor> opened = new ArrayList<>(List.of(map));
      try {
        BpfAssembly code = DropProgram.of(kernel.offsets(), namespace, ports, map.number());
        opened.add(load(arena, code, kernel.tracepoint()));
        opened.add(
            OwnedDescriptor.of(
                new BpfCall(arena, BpfCall.RAW_TRACEPOINT_OPEN)
                    .u32(8, opened.getLast().number())
                    .run(),
                "attach an eBPF program to skb:kfree_skb"));
        return new DropReasons(map, opened.get(1), opened.get(2));
      } catch (NaruException refused) {
        opened.forEach(OwnedDescriptor::close);
        throw refused;
      }
    }
  }

  private static Kernel kernel() {
    try {
      return Known.KERNEL;
    } catch (ExceptionInInitializerError | NoClassDefFoundError notThere) {
      // Once more, for its sentence: nothing of it changes.
      return Kernel.read();
    }
  }

  private static OwnedDescriptor load(Arena arena, BpfAssembly code, int tracepoint) {
    MemorySegment log = arena.allocate(LOG_BYTES);
    int result = program(arena, code, tracepoint).run();
    if (result < 0) {
      result =
          program(arena, code, tracepoint).u32(24, 1).u32(28, LOG_BYTES).address(32, log).run();
    }
    String said = log.getString(0, StandardCharsets.US_ASCII).strip();
    try {
      return OwnedDescriptor.of(result, "load an eBPF program");
    } catch (NaruException refused) {
      throw said.isEmpty()
          ? refused
          : new NaruException(
              refused.code(),
              refused.sentence() + "; the kernel says: " + said.lines().toList().getLast(),
              refused);
    }
  }

  private static BpfCall program(Arena arena, BpfAssembly code, int tracepoint) {
    BpfCall call =
        new BpfCall(arena, BpfCall.PROG_LOAD)
            .u32(0, PROGRAM_TRACING)
            .u32(4, code.length())
            .address(8, code.toNative(arena))
            // Functions that read the kernel's memory want it.
            .address(16, arena.allocateFrom("GPL"))
            .u32(68, TRACE_RAW_TP)
            .u32(108, tracepoint);
    return call.text(48, "naru_drops");
  }

  /** What the kernel calls it: the number in {@code net:[4026531840]}. */
  private static int namespace() {
    try {
      String link = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
      return Integer.parseUnsignedInt(link.substring(link.indexOf('[') + 1, link.length() - 1));
    } catch (IOException | RuntimeException notTold) {
      throw new NaruException(
          ErrorCode.UNSUPPORTED, "/proc/thread-self/ns/net does not tell the namespace", notTold);
    }
  }

  /** What was counted so far. */
  public List<Dropped> counted() {
    List<Dropped> found = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocate(8, 8);
      MemorySegment next = arena.allocate(8, 8);
      MemorySegment value = arena.allocate(8, 8);
      boolean first = true;
      for (int i = 0; i < MOST; i++) {
        BpfCall step = new BpfCall(arena, BpfCall.MAP_NEXT_KEY).u32(0, map.number());
        if ((first ? step : step.address(8, key)).address(16, next).run() < 0) {
          break;
        }
        first = false;
        key.copyFrom(next);
        int got =
            new BpfCall(arena, BpfCall.MAP_LOOKUP)
                .u32(0, map.number())
                .address(8, key)
                .address(16, value)
                .run();
        if (got >= 0) {
          found.add(
              new Dropped(
                  name(key.get(ValueLayout.JAVA_INT, 0)),
                  key.get(ValueLayout.JAVA_INT, 4),
                  value.get(ValueLayout.JAVA_LONG, 0)));
        }
      }
    }
    return found;
  }

  private static String name(int reason) {
    String name = kernel().names().getOrDefault(reason, "reason " + Integer.toHexString(reason));
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }

  @Override
  public void close() {
    attachment.close();
    program.close();
    map.close();
  }
}

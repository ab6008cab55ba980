package io.naru.linux.bpf;

import io.naru.linux.call.OwnedDescriptor;
import io.naru.linux.route.Link;
import io.naru.linux.route.RouteNetlink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** eBPF programs that see an interface's packets: XDP, and tcx (since Linux 6.6). */
public final class InterfacePrograms {
  /** BPF_TCX_INGRESS and BPF_TCX_EGRESS of linux/bpf.h. */
  private static final int TCX_INGRESS = 46;

  private static final int TCX_EGRESS = 47;

  private static final int MOST = 64;

  /** {@code struct bpf_prog_info}: up to and with the name. */
  private static final int INFORMATION = 80;

  private static final int NAME = 64;
  private static final int NAME_LENGTH = 16;

  private InterfacePrograms() {}

  /**
   * A program.
   *
   * @param place {@code XDP program}, {@code tcx ingress program} or {@code tcx egress program}
   * @param name as its author called it, at most 15 letters; its number where it has none
   */
  public record Attached(String place, String name) {}

  /**
   * Those of a link.
   *
   * @throws io.naru.core.error.NaruException NOT_PERMITTED without CAP_SYS_ADMIN or CAP_NET_ADMIN
   *     and CAP_BPF
   */
  public static List<Attached> of(RouteNetlink netlink, Link link) {
    List<Attached> found = new ArrayList<>();
    netlink
        .xdpProgram(link.index())
        .ifPresent(id -> found.add(new Attached("XDP program", name(id))));
    query(link.index(), TCX_INGRESS)
        .forEach(id -> found.add(new Attached("tcx ingress program", name(id))));
    query(link.index(), TCX_EGRESS)
        .forEach(id -> found.add(new Attached("tcx egress program", name(id))));
    return found;
  }

  /** BPF_PROG_QUERY; older kernels do not know these places, and have nothing there. */
  private static List<Integer> query(int index, int place) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ids = arena.allocate(MOST * 4L, 8);
      BpfCall call =
          new BpfCall(arena, BpfCall.PROG_QUERY)
              .u32(0, index)
              .u32(4, place)
              .address(16, ids)
              .u32(24, MOST);
      List<Integer> found = new ArrayList<>();
      if (call.run() >= 0) {
        for (int i = 0; i < Math.min(MOST, call.u32(24)); i++) {
          found.add(ids.getAtIndex(ValueLayout.JAVA_INT, i));
        }
      }
      return found;
    }
  }

  private static String name(int id) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = new BpfCall(arena, BpfCall.PROG_FD_BY_ID).u32(0, id).run();
      if (descriptor < 0) {
        return "number " + id;
      }
      try (OwnedDescriptor program = OwnedDescriptor.of(descriptor, "open a program")) {
        MemorySegment information = arena.allocate(INFORMATION, 8);
        int result =
            new BpfCall(arena, BpfCall.INFO_BY_FD)
                .u32(0, program.number())
                .u32(4, INFORMATION)
                .address(8, information)
                .run();
        byte[] name = information.asSlice(NAME, NAME_LENGTH).toArray(ValueLayout.JAVA_BYTE);
        String text = new String(name, StandardCharsets.US_ASCII).replaceAll("\0.*", "");
        return result < 0 || text.isEmpty() ? "number " + id : text;
      }
    }
  }
}

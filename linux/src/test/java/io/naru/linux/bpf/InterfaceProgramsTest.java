package io.naru.linux.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.linux.TestNamespace;
import io.naru.linux.bpf.InterfacePrograms.Attached;
import io.naru.linux.call.OwnedDescriptor;
import io.naru.linux.route.Link;
import io.naru.linux.route.RouteNetlink;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs that a test attaches to an interface of its own. */
class InterfaceProgramsTest {
  /** Of linux/bpf.h. */
  private static final int LINK_CREATE = 28;

  private static final int SCHED_CLS = 3;
  private static final int XDP = 6;
  private static final int AT_XDP = 37;
  private static final int AT_TCX_INGRESS = 46;

  /** Lets everything pass. */
  private static OwnedDescriptor program(Arena arena, int type, int pass, String name) {
    BpfAssembly code = new BpfAssembly().set(0, pass).exit();
    return OwnedDescriptor.of(
        new BpfCall(arena, BpfCall.PROG_LOAD)
            .u32(0, type)
            .u32(4, code.length())
            .address(8, code.toNative(arena))
            .address(16, arena.allocateFrom("GPL"))
            .text(48, name)
            .run(),
        "load a test's program");
  }

  private static OwnedDescriptor attach(Arena arena, OwnedDescriptor program, int index, int at) {
    return OwnedDescriptor.of(
        new BpfCall(arena, LINK_CREATE).u32(0, program.number()).u32(4, index).u32(8, at).run(),
        "attach a test's program");
  }

  @Test
  void whatIsAttachedIsToldByPlaceAndName() {
    try (TestNamespace host = new TestNamespace()) {
      host.run("ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1");
      List<Attached> found =
          host.call(
              () -> {
                try (RouteNetlink netlink = RouteNetlink.open();
                    Arena arena = Arena.ofConfined()) {
                  Link link =
                      netlink.links().stream()
                          .filter(each -> each.name().equals("v0"))
                          .findFirst()
                          .orElseThrow();
                  assertThat(InterfacePrograms.of(netlink, link)).isEmpty();
                  try (OwnedDescriptor guard = program(arena, XDP, 2, "guard");
                      OwnedDescriptor watch = program(arena, SCHED_CLS, -1, "watch");
                      OwnedDescriptor _ = attach(arena, guard, link.index(), AT_XDP);
                      OwnedDescriptor _ = attach(arena, watch, link.index(), AT_TCX_INGRESS)) {
                    return InterfacePrograms.of(netlink, link);
                  }
                }
              });
      assertThat(found)
          .containsExactly(
              new Attached("XDP program", "guard"), new Attached("tcx ingress program", "watch"));
    }
  }
}

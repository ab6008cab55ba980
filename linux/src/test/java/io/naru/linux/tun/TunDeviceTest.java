package io.naru.linux.tun;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.linux.TestNamespace;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkAddress;
import io.naru.linux.route.LinkKind;
import io.naru.linux.route.RouteNetlink;
import io.naru.linux.socket.ProbeOptions;
import io.naru.linux.socket.ProbeSocket;
import io.naru.linux.tun.TunDevice.Header;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TunDeviceTest {
  @ParameterizedTest
  @EnumSource(Header.class)
  void readsThePacketsSentIntoItAndGoesWhenClosed(Header header) {
    try (TestNamespace test = new TestNamespace()) {
      test.namespace().run(() -> readOne(header));
    }
  }

  private static void readOne(Header header) {
    try (RouteNetlink netlink = RouteNetlink.open();
        Arena arena = Arena.ofConfined()) {
      try (TunDevice tun = TunDevice.open("naru%d", header, false)) {
        assertThat(tun.name()).isEqualTo("naru0");
        if (header == Header.VIRTIO) {
          tun.setOffload(0x6f);
        }
        Link link = netlink.link(tun.name()).orElseThrow();
        assertThat(link.kind()).isEqualTo(new LinkKind.Tun());
        netlink.addAddress(LinkAddress.of(link.index(), InterfaceAddress.parse("10.5.0.1/24")));
        netlink.setUp(link.index());
        try (ProbeSocket socket =
            ProbeSocket.open(IpAddress.parse("10.5.0.1"), 0, ProbeOptions.plain())) {
          socket.send(IpAddress.parse("10.5.0.2"), 9, new byte[32]);
        }
        int before = header == Header.VIRTIO ? 10 : 0;
        MemorySegment buffer = arena.allocate(2048);
        long length;
        do {
          length = tun.read(buffer);
          // The kernel's own IPv6 router solicitation may come first.
        } while (length > 0 && buffer.get(ValueLayout.JAVA_BYTE, before) != 0x45);
        assertThat(length).isEqualTo(before + 20 + 8 + 32);
      }
      assertThat(netlink.link("naru0")).isEmpty();
    }
  }
}

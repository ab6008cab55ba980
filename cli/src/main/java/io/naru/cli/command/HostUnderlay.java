package io.naru.cli.command;

import io.naru.agent.kernel.FilterTables;
import io.naru.agent.kernel.KernelReader;
import io.naru.channel.TcpAddress;
import io.naru.core.underlay.Underlay;
import io.naru.core.underlay.UnderlayChoice;
import io.naru.linux.route.RouteNetlink;
import java.util.List;

/** This host's addresses on the underlay, as its agent would choose them. */
final class HostUnderlay {
  private HostUnderlay() {}

  static List<TcpAddress> addresses(int port) {
    try (RouteNetlink netlink = RouteNetlink.open()) {
      Underlay underlay =
          UnderlayChoice.choose(
              new KernelReader(netlink, new FilterTables()).interfaces(),
              new UnderlayChoice.Wish.Default());
      return underlay.addresses().stream()
          .map(address -> new TcpAddress(address.address(), port))
          .toList();
    }
  }
}

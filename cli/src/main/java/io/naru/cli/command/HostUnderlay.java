package io.naru.cli.command;

import io.naru.agent.kernel.HostInterfaces;
import io.naru.api.AgentClient;
import io.naru.channel.TcpAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.underlay.Underlay;
import io.naru.core.underlay.UnderlayChoice;
import io.naru.linux.route.RouteNetlink;
import java.util.List;

/** Where other hosts reach this one: as its agent says, or as its agent would choose. */
final class HostUnderlay {
  private HostUnderlay() {}

  static List<TcpAddress> addresses(int port) {
    AgentClient agent = AgentClient.local();
    if (agent.answers()) {
      List<TcpAddress> published =
          agent.nodes().stream()
              .filter(node -> node.transport().equals("self"))
              .flatMap(
                  node ->
                      node.addresses().stream()
                          .map(text -> new TcpAddress(IpAddress.parse(text), node.agentPort())))
              .toList();
      if (!published.isEmpty()) {
        return published;
      }
    }
    try (RouteNetlink netlink = RouteNetlink.open()) {
      Underlay underlay =
          UnderlayChoice.choose(HostInterfaces.read(netlink), new UnderlayChoice.Wish.Default());
      return underlay.addresses().stream()
          .map(address -> new TcpAddress(address.address(), port))
          .toList();
    }
  }
}

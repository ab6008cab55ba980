package io.naru.linux.route;

import static io.naru.linux.route.Rtnetlink.*;

import io.naru.linux.netlink.NetlinkRequest;
import io.naru.linux.netlink.Payload;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The requests that make a change. */
final class ChangeCodec {
  private static final int CREATE_NEW = NLM_F_CREATE | NLM_F_EXCL;
  private static final int CREATE_OR_REPLACE = NLM_F_CREATE | NLM_F_REPLACE;

  private ChangeCodec() {}

  static List<NetlinkRequest> requests(Change change) {
    return switch (change) {
      case Change.CreateLink(LinkSpec spec) -> creation(spec);
      case Change.SetLink(int index, LinkSettings settings) ->
          one(() -> "change link " + index, RTM_NEWLINK, 0, LinkCodec.settings(index, settings));
      case Change.MoveLink(int index, int namespace) ->
          one(
              () -> "move link " + index + " into another namespace",
              RTM_NEWLINK,
              0,
              LinkCodec.intoNamespace(index, namespace));
      case Change.DeleteLink(int index) ->
          one(() -> "delete link " + index, RTM_DELLINK, 0, LinkCodec.byIndex(index));
      case Change.AddAddress(LinkAddress address) ->
          one(() -> "add " + text(address), RTM_NEWADDR, CREATE_NEW, AddressCodec.write(address));
      case Change.RemoveAddress(LinkAddress address) ->
          one(() -> "remove " + text(address), RTM_DELADDR, 0, AddressCodec.write(address));
      case Change.AddRoute(Route route) ->
          one(() -> "add the route " + route, RTM_NEWROUTE, CREATE_NEW, RouteCodec.write(route));
      case Change.ReplaceRoute(Route route) ->
          one(
              () -> "set the route " + route,
              RTM_NEWROUTE,
              CREATE_OR_REPLACE,
              RouteCodec.write(route));
      case Change.RemoveRoute(Route route) ->
          one(() -> "remove the route " + route, RTM_DELROUTE, 0, RouteCodec.key(route));
      case Change.SetNeighbour(Neighbour neighbour) ->
          one(
              () -> "set the neighbour " + neighbour.address() + " on link " + neighbour.link(),
              RTM_NEWNEIGH,
              CREATE_OR_REPLACE,
              NeighbourCodec.write(neighbour));
      case Change.RemoveNeighbour(int link, var address) ->
          one(
              () -> "remove the neighbour " + address + " on link " + link,
              RTM_DELNEIGH,
              0,
              NeighbourCodec.key(link, address));
      case Change.SetForwardingEntry(ForwardingEntry entry) ->
          one(
              () -> "set " + text(entry),
              RTM_NEWNEIGH,
              CREATE_OR_REPLACE,
              NeighbourCodec.write(entry));
      case Change.AppendForwardingEntry(ForwardingEntry entry) ->
          one(
              () -> "append " + text(entry),
              RTM_NEWNEIGH,
              NLM_F_CREATE | NLM_F_APPEND,
              NeighbourCodec.write(entry));
      case Change.RemoveForwardingEntry(ForwardingEntry entry) ->
          one(() -> "remove " + text(entry), RTM_DELNEIGH, 0, NeighbourCodec.write(entry));
      case Change.AddRule(RoutingRule rule) ->
          one(() -> "add " + text(rule), RTM_NEWRULE, CREATE_NEW, RuleCodec.write(rule));
      case Change.RemoveRule(RoutingRule rule) ->
          one(() -> "remove " + text(rule), RTM_DELRULE, 0, RuleCodec.write(rule));
    };
  }

  private static List<NetlinkRequest> one(
      Supplier<String> attempt, int type, int flags, Payload payload) {
    return List.of(new NetlinkRequest(attempt, type, flags, payload));
  }

  /**
   * The kernel does not look at an alias while it creates a link, nor at a peer's bridge, and it
   * refuses to set a peer up before the pair is joined (veth_open of drivers/net/veth.c).
   */
  private static List<NetlinkRequest> creation(LinkSpec spec) {
    NetlinkRequest create =
        new NetlinkRequest(
            "create the " + spec.kind().word() + " link " + spec.name(),
            RTM_NEWLINK,
            CREATE_NEW,
            LinkCodec.creation(spec));
    Optional<NetlinkRequest> alias =
        spec.settings()
            .alias()
            .map(text -> afterwards(spec.name(), LinkSettings.none().withAlias(text)));
    Optional<NetlinkRequest> peer =
        spec.peer()
            .filter(end -> !end.settings().afterJoining().equals(LinkSettings.none()))
            .map(end -> afterwards(end.name(), end.settings().afterJoining()));
    return Stream.of(Optional.of(create), alias, peer).flatMap(Optional::stream).toList();
  }

  private static NetlinkRequest afterwards(String name, LinkSettings settings) {
    return new NetlinkRequest(
        "change the new link " + name, RTM_NEWLINK, 0, LinkCodec.settingsByName(name, settings));
  }

  private static String text(LinkAddress address) {
    return "the address " + address.address() + " on link " + address.index();
  }

  private static String text(ForwardingEntry entry) {
    return "the forwarding entry "
        + entry.address()
        + entry.destination().map(address -> " to " + address).orElse("")
        + " on link "
        + entry.link();
  }

  private static String text(RoutingRule rule) {
    return "the routing rule " + rule.priority() + " to table " + rule.table();
  }
}

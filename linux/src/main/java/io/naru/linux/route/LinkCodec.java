package io.naru.linux.route;

import static io.naru.linux.route.Rtnetlink.*;

import io.naru.core.address.MacAddress;
import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.Payload;
import io.naru.linux.netlink.PayloadWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Links as {@code struct ifinfomsg} of linux/rtnetlink.h with IFLA_* attributes. */
final class LinkCodec {
  /** Family, padding, type, index, flags, mask of changed flags. */
  private static final int HEADER = 16;

  private static final MacAddress NO_ADDRESS = new MacAddress(0);

  private LinkCodec() {}

  static PayloadWriter header(int index, LinkSettings settings) {
    int flags = settings.up().orElse(false) ? IFF_UP : 0;
    int change = settings.up().isPresent() ? IFF_UP : 0;
    return new PayloadWriter().u8(AF_UNSPEC).u8(0).u16(0).i32(index).i32(flags).i32(change);
  }

  static Payload byName(String name, boolean statistics) {
    PayloadWriter to = header(0, LinkSettings.none()).attributeText(IFLA_IFNAME, name);
    return (statistics ? to : to.attributeI32(IFLA_EXT_MASK, SKIP_STATISTICS)).toPayload();
  }

  static Payload byIndex(int index) {
    return header(index, LinkSettings.none()).toPayload();
  }

  static Payload all() {
    return header(0, LinkSettings.none()).attributeI32(IFLA_EXT_MASK, SKIP_STATISTICS).toPayload();
  }

  static Payload settings(int index, LinkSettings settings) {
    PayloadWriter to = header(index, settings);
    settings.name().ifPresent(name -> to.attributeText(IFLA_IFNAME, name));
    writeSettings(to, settings);
    settings.alias().ifPresent(alias -> writeAlias(to, alias));
    return to.toPayload();
  }

  static Payload settingsByName(String name, LinkSettings settings) {
    PayloadWriter to = header(0, settings).attributeText(IFLA_IFNAME, name);
    writeSettings(to, settings);
    settings.alias().ifPresent(alias -> writeAlias(to, alias));
    return to.toPayload();
  }

  static Payload intoNamespace(int index, int namespaceDescriptor) {
    return header(index, LinkSettings.none())
        .attributeI32(IFLA_NET_NS_FD, namespaceDescriptor)
        .toPayload();
  }

  static Payload creation(LinkSpec spec) {
    PayloadWriter to = header(0, spec.settings());
    writeSpec(to, spec);
    to.nested(
        IFLA_LINKINFO,
        information -> {
          information.attributeText(IFLA_INFO_KIND, spec.kind().word());
          writeData(information, spec);
        });
    return to.toPayload();
  }

  private static void writeData(PayloadWriter information, LinkSpec spec) {
    switch (spec.kind()) {
      case LinkKind.Vxlan vxlan ->
          information.nested(IFLA_INFO_DATA, data -> VxlanCodec.write(data, vxlan));
      case LinkKind.Veth veth ->
          spec.peer()
              .ifPresent(
                  peer ->
                      information.nested(
                          IFLA_INFO_DATA,
                          data -> data.nested(VETH_INFO_PEER, inside -> writePeer(inside, peer))));
      case LinkKind.Bridge bridge -> {}
      case LinkKind.Tun tun -> {}
      case LinkKind.Other other -> {}
    }
  }

  private static void writePeer(PayloadWriter to, LinkSpec peer) {
    to.raw(header(0, LinkSettings.none()).toPayload().toBytes());
    writeSpec(to, peer);
  }

  private static void writeSpec(PayloadWriter to, LinkSpec spec) {
    to.attributeText(IFLA_IFNAME, spec.name());
    writeSettings(to, spec.settings());
    spec.namespace().ifPresent(namespace -> to.attributeI32(IFLA_NET_NS_FD, namespace));
  }

  private static void writeSettings(PayloadWriter to, LinkSettings settings) {
    settings.mtu().ifPresent(mtu -> to.attributeI32(IFLA_MTU, mtu));
    settings.address().ifPresent(address -> to.attribute(IFLA_ADDRESS, address));
    settings.master().ifPresent(master -> to.attributeI32(IFLA_MASTER, master));
  }

  private static void writeAlias(PayloadWriter to, String alias) {
    // Without a NUL: an empty value removes the alias.
    to.attribute(IFLA_IFALIAS, alias.getBytes(StandardCharsets.UTF_8));
  }

  /** Empty for a bridge's own message about a port (AF_BRIDGE), which tells of no link. */
  static Optional<Link> read(Payload payload) {
    if (payload.u8(0) == AF_BRIDGE) {
      return Optional.empty();
    }
    Attributes attributes = Attributes.parse(payload.from(HEADER));
    int flags = payload.i32(8);
    return Optional.of(
        new Link(
            payload.i32(4),
            attributes.text(IFLA_IFNAME),
            attributes.macAddress(IFLA_ADDRESS).orElse(NO_ADDRESS),
            attributes.i32(IFLA_MTU, 0),
            (flags & IFF_UP) != 0,
            attributes.i32(IFLA_MASTER, 0),
            attributes.text(IFLA_IFALIAS),
            kind(attributes),
            (flags & IFF_LOWER_UP) != 0,
            attributes.i32(IFLA_LINK, 0),
            attributes.i32(IFLA_LINK_NETNSID, -1),
            payload.u16(2)));
  }

  private static LinkKind kind(Attributes attributes) {
    Attributes information = attributes.nested(IFLA_LINKINFO);
    String word = information.text(IFLA_INFO_KIND);
    return switch (word) {
      case "veth" -> new LinkKind.Veth(attributes.i32(IFLA_LINK, 0));
      case "bridge" -> new LinkKind.Bridge();
      case "vxlan" -> VxlanCodec.read(information.nested(IFLA_INFO_DATA));
      case "tun" -> new LinkKind.Tun();
      default -> new LinkKind.Other(word);
    };
  }

  /** linux/if.h: IF_OPER_UP. */
  private static final int OPERATIONAL = 6;

  static boolean isOperational(Payload payload) {
    return Attributes.parse(payload.from(HEADER))
        .find(IFLA_OPERSTATE)
        .filter(state -> state.u8(0) == OPERATIONAL)
        .isPresent();
  }

  static Optional<Integer> xdpProgram(Payload payload) {
    int id = Attributes.parse(payload.from(HEADER)).nested(IFLA_XDP).i32(IFLA_XDP_PROG_ID, 0);
    return id == 0 ? Optional.empty() : Optional.of(id);
  }

  static Optional<LinkStatistics> statistics(Payload payload) {
    return Attributes.parse(payload.from(HEADER))
        .find(IFLA_STATS64)
        .map(
            s ->
                new LinkStatistics(
                    s.i64(0),
                    s.i64(8),
                    s.i64(16),
                    s.i64(24),
                    s.i64(32),
                    s.i64(40),
                    s.i64(48),
                    s.i64(56),
                    s.i64(104),
                    s.i64(136)));
  }
}

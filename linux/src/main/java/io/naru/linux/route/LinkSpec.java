package io.naru.linux.route;

import io.naru.core.address.MacAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A link that is to be created.
 *
 * @param name its name
 * @param kind veth, bridge, vxlan or another kind that needs no data; a TUN is made by its own
 *     device file
 * @param settings what else it has from the start; its name is not looked at
 * @param peer the other end, of a veth
 * @param namespace descriptor of the namespace it is created in; empty for the socket's own
 */
public record LinkSpec(
    String name,
    LinkKind kind,
    LinkSettings settings,
    Optional<LinkSpec> peer,
    OptionalInt namespace) {

  public LinkSpec {
    InterfaceName.require(name);
    if (kind instanceof LinkKind.Tun) {
      throw new NaruException(ErrorCode.BAD_INPUT, "a TUN device is made through /dev/net/tun");
    }
    if (namespace.isPresent() && settings.alias().isPresent()) {
      throw afterwardsOnly("an alias", name);
    }
    if (peer.isPresent()
        && peer.get().namespace().isPresent()
        && !peer.get().settings().afterJoining().equals(LinkSettings.none())) {
      throw afterwardsOnly("'up' and the bridge of a veth's peer", peer.get().name());
    }
  }

  private static NaruException afterwardsOnly(String what, String name) {
    return new NaruException(
        ErrorCode.BAD_INPUT,
        "the kernel takes "
            + what
            + " only after creation: set it from inside the namespace of "
            + name);
  }

  private static LinkSpec of(String name, LinkKind kind, Optional<LinkSpec> peer) {
    return new LinkSpec(name, kind, LinkSettings.none(), peer, OptionalInt.empty());
  }

  /** A bridge. */
  public static LinkSpec bridge(String name) {
    return of(name, new LinkKind.Bridge(), Optional.empty());
  }

  /** A VXLAN tunnel end. */
  public static LinkSpec vxlan(String name, LinkKind.Vxlan vxlan) {
    return of(name, vxlan, Optional.empty());
  }

  /** A veth pair; the peer is made with {@link #end}, in its own namespace if it has one. */
  public static LinkSpec veth(String name, LinkSpec peer) {
    return of(name, new LinkKind.Veth(0), Optional.of(peer));
  }

  /** One end of a veth pair, to be the peer of another. */
  public static LinkSpec end(String name) {
    return of(name, new LinkKind.Veth(0), Optional.empty());
  }

  /** A link of a kind that needs nothing but its word, for example {@code dummy}. */
  public static LinkSpec other(String name, String word) {
    return of(name, new LinkKind.Other(word), Optional.empty());
  }

  private LinkSpec with(LinkSettings newSettings) {
    return new LinkSpec(name, kind, newSettings, peer, namespace);
  }

  public LinkSpec withMtu(int mtu) {
    return with(settings.withMtu(mtu));
  }

  public LinkSpec withAddress(MacAddress address) {
    return with(settings.withAddress(address));
  }

  public LinkSpec withAlias(String alias) {
    return with(settings.withAlias(alias));
  }

  public LinkSpec withUp() {
    return with(settings.withUp(true));
  }

  public LinkSpec withMaster(int master) {
    return with(settings.withMaster(master));
  }

  /** Created inside that namespace, never seen in this one. */
  public LinkSpec inNamespace(int namespaceDescriptor) {
    return new LinkSpec(name, kind, settings, peer, OptionalInt.of(namespaceDescriptor));
  }
}

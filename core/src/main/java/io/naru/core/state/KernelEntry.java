package io.naru.core.state;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import java.util.Optional;

/**
 * One thing in a kernel that is Naru's. Two entries with equal keys cannot stand side by side:
 * where they differ, the desired one replaces the present one.
 */
public sealed interface KernelEntry {
  /** What makes the entry unique in the kernel. */
  Key key();

  /** How a person would name the entry, in the words of iproute2. */
  String text();

  /** The interface the entry hangs on and vanishes with, if any. */
  Optional<String> device();

  /** A key: the kind of entry, and what identifies it among its kind. */
  record Key(Class<? extends KernelEntry> kind, Object identity) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key that && kind == that.kind && identity.equals(that.identity);
    }

    @Override
    public int hashCode() {
      return identity.hashCode();
    }
  }

  /**
   * The node's VXLAN tunnel end point.
   *
   * @param parent the underlay interface
   * @param local the outer source address; its family is the tunnel's
   * @param mtu in bytes
   * @param up whether it is up, and a port of no bridge
   */
  record TunnelDevice(
      String name,
      MacAddress mac,
      int vni,
      int port,
      IpAddress local,
      String parent,
      int mtu,
      boolean up)
      implements KernelEntry {
    @Override
    public Key key() {
      return new Key(TunnelDevice.class, name);
    }

    @Override
    public Optional<String> device() {
      return Optional.of(name);
    }

    @Override
    public String text() {
      return ("link " + name + " type vxlan id " + vni + " dstport " + port + " local " + local)
          + (" dev " + parent + " address " + mac + " mtu " + mtu + (up ? " up" : " down"));
    }

    /** Whether the kernel can turn {@code present} into this device without making it anew. */
    public boolean canBecomeFrom(TunnelDevice present) {
      return vni == present.vni
          && port == present.port
          && local.equals(present.local)
          && parent.equals(present.parent);
    }
  }

  /**
   * The node's end of a pod's veth pair, as far as it is the loop's: it is made and removed with
   * the pod.
   *
   * @param mtu in bytes
   * @param usable whether it is up, and a port of no bridge
   */
  record HostEndLink(String name, MacAddress mac, int mtu, boolean usable) implements KernelEntry {
    @Override
    public Key key() {
      return new Key(HostEndLink.class, name);
    }

    @Override
    public Optional<String> device() {
      return Optional.of(name);
    }

    @Override
    public String text() {
      return "link " + name + " address " + mac + " mtu " + mtu + (usable ? " up" : " not usable");
    }
  }

  /** An address on an interface of ours; a mute one answers, and is no source of anything else. */
  record DeviceAddress(String name, InterfaceAddress address, boolean mute) implements KernelEntry {
    @Override
    public Key key() {
      return new Key(DeviceAddress.class, this);
    }

    @Override
    public Optional<String> device() {
      return Optional.of(name);
    }

    @Override
    public String text() {
      return "address " + address + " dev " + name + (mute ? " for answers alone" : "");
    }
  }

  /** A kernel setting below /proc/sys, in the slash form of its name. */
  record Setting(String name, String value, Optional<String> device) implements KernelEntry {
    @Override
    public Key key() {
      return new Key(Setting.class, name);
    }

    @Override
    public String text() {
      return "sysctl " + name + " = " + value;
    }
  }

  /** A static neighbour: who answers for an address behind an interface. */
  record NeighbourEntry(String name, IpAddress address, MacAddress mac) implements KernelEntry {
    @Override
    public Key key() {
      return new Key(NeighbourEntry.class, new Identity.OnDevice(name, address));
    }

    @Override
    public Optional<String> device() {
      return Optional.of(name);
    }

    @Override
    public String text() {
      return "neighbour " + address + " lladdr " + mac + " dev " + name;
    }
  }

  /** An entry of the tunnel's forwarding database: behind which node a MAC address lives. */
  record TunnelForward(String name, MacAddress mac, IpAddress remote) implements KernelEntry {
    @Override
    public Key key() {
      return new Key(TunnelForward.class, new Identity.OnDevice(name, mac));
    }

    @Override
    public Optional<String> device() {
      return Optional.of(name);
    }

    @Override
    public String text() {
      return "fdb " + mac + " dev " + name + " dst " + remote;
    }
  }

  /**
   * A route.
   *
   * @param out the interface, empty for a route that refuses
   * @param source preferred source address of packets that start on this node
   */
  record RouteEntry(
      int table,
      Prefix destination,
      Optional<IpAddress> gateway,
      Optional<String> out,
      boolean onlink,
      Optional<IpAddress> source)
      implements KernelEntry {
    /** A route that answers with ICMP unreachable. */
    public static RouteEntry unreachable(int table, Prefix destination) {
      return new RouteEntry(
          table, destination, Optional.empty(), Optional.empty(), false, Optional.empty());
    }

    @Override
    public Key key() {
      return key(table, destination);
    }

    /** The key of the route to that destination in that table, whatever its way. */
    public static Key key(int table, Prefix destination) {
      return new Key(RouteEntry.class, new Identity.InTable(table, destination));
    }

    @Override
    public Optional<String> device() {
      return out;
    }

    @Override
    public String text() {
      return (out.isEmpty() ? "route unreachable " : "route ")
          + destination
          + gateway.map(via -> " via " + via).orElse("")
          + out.map(name -> " dev " + name).orElse("")
          + (onlink ? " onlink" : "")
          + source.map(address -> " src " + address).orElse("")
          + (table == RouteTables.MAIN ? "" : " table " + table);
    }
  }

  /**
   * A rule that sends marked packets to a transport's own table. The kernel lets rules that differ
   * in anything stand side by side.
   */
  record MarkRule(IpFamily family, int priority, int mark, int mask, int table)
      implements KernelEntry {
    @Override
    public Key key() {
      return new Key(MarkRule.class, this);
    }

    @Override
    public Optional<String> device() {
      return Optional.empty();
    }

    @Override
    public String text() {
      return "rule "
          + (family == IpFamily.IPV6 ? "-6 " : "")
          + "priority "
          + priority
          + " fwmark "
          + "0x%x/0x%x".formatted(mark, mask)
          + " lookup "
          + table;
    }
  }

  /**
   * Naru's own nftables table, without the elements of its sets. An empty chain in it carries the
   * fingerprint of the text it was made from.
   *
   * @param script the text for {@code nft -f} that makes it; empty in what was read from a kernel
   */
  record FilterTable(String name, String fingerprint, String script) implements KernelEntry {
    @Override
    public Key key() {
      return new Key(FilterTable.class, name);
    }

    @Override
    public Optional<String> device() {
      return Optional.empty();
    }

    @Override
    public String text() {
      return "nft table inet " + name + " (" + fingerprint + ")";
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof FilterTable t && name.equals(t.name) && fingerprint.equals(t.fingerprint);
    }

    @Override
    public int hashCode() {
      return fingerprint.hashCode();
    }
  }

  /**
   * An element of a set in Naru's own table; it counts packets.
   *
   * @param set the set's name
   * @param element an address, or the first address of a block
   */
  record FilterElement(String set, IpAddress element) implements KernelEntry {
    @Override
    public Key key() {
      return new Key(FilterElement.class, this);
    }

    @Override
    public Optional<String> device() {
      return Optional.empty();
    }

    @Override
    public String text() {
      return "nft element " + element + " of set " + set;
    }
  }

  /**
   * Rules that let packets of ours pass a chain of someone else's that drops what it does not know:
   * an accept in our own table would not override its verdict.
   *
   * @param family the table's family as nft names it: ip, ip6, inet
   * @param fingerprint the rules' matches, as nft writes them, in order, with a comma between
   */
  record ForeignAccept(
      String family, String table, String chain, ForeignHook hook, String fingerprint)
      implements KernelEntry {
    @Override
    public Key key() {
      return new Key(ForeignAccept.class, family + " " + table + " " + chain);
    }

    @Override
    public Optional<String> device() {
      return Optional.empty();
    }

    @Override
    public String text() {
      return "accept of " + hook.passing() + " in nft chain " + family + " " + table + " " + chain;
    }
  }
}

package io.naru.linux.route;

import io.naru.core.address.IpAddress;
import java.util.Optional;

/** What a link is, with what only that kind has (IFLA_LINKINFO of linux/if_link.h). */
public sealed interface LinkKind {
  /** The kernel's word for it, for example {@code vxlan}. */
  String word();

  /**
   * One end of a pair.
   *
   * @param peer index of the other end, in that end's namespace; 0 when not known yet
   */
  record Veth(int peer) implements LinkKind {
    @Override
    public String word() {
      return "veth";
    }
  }

  /** A bridge. */
  record Bridge() implements LinkKind {
    @Override
    public String word() {
      return "bridge";
    }
  }

  /** How the outer IPv4 header's "don't fragment" bit is set (enum ifla_vxlan_df). */
  enum DontFragment {
    UNSET,
    SET,
    INHERIT
  }

  /**
   * A VXLAN tunnel end (RFC 7348).
   *
   * @param vni network identifier, 24 bits
   * @param local outer source address; its family is the outer family
   * @param port outer destination port, UDP
   * @param learning whether forwarding entries are learned from arriving packets
   * @param parent index of the link the outer packets leave by; 0 lets routing decide
   * @param udpChecksum whether outer IPv4 packets carry a UDP checksum
   * @param zeroChecksum6Transmit whether outer IPv6 packets are sent without a UDP checksum
   * @param zeroChecksum6Receive whether outer IPv6 packets without one are accepted
   * @param ttl outer time to live; 0 takes the system's default
   * @param dontFragment the outer IPv4 "don't fragment" bit
   * @param external whether programs, not this device, say where packets go (collect metadata)
   */
  record Vxlan(
      int vni,
      Optional<IpAddress> local,
      int port,
      boolean learning,
      int parent,
      boolean udpChecksum,
      boolean zeroChecksum6Transmit,
      boolean zeroChecksum6Receive,
      int ttl,
      DontFragment dontFragment,
      boolean external)
      implements LinkKind {

    /**
     * As a network without learning uses it: no learning; UDP checksums off for an outer IPv4
     * header and on for an outer IPv6 header, as their RFCs 7348 and 8200 ask; but packets without
     * a checksum are accepted.
     */
    public static Vxlan of(int vni, IpAddress local, int port) {
      return new Vxlan(
          vni,
          Optional.of(local),
          port,
          false,
          0,
          false,
          false,
          true,
          0,
          DontFragment.UNSET,
          false);
    }

    public Vxlan withParent(int newParent) {
      return new Vxlan(
          vni,
          local,
          port,
          learning,
          newParent,
          udpChecksum,
          zeroChecksum6Transmit,
          zeroChecksum6Receive,
          ttl,
          dontFragment,
          external);
    }

    public Vxlan withDontFragment(DontFragment newBit) {
      return new Vxlan(
          vni,
          local,
          port,
          learning,
          parent,
          udpChecksum,
          zeroChecksum6Transmit,
          zeroChecksum6Receive,
          ttl,
          newBit,
          external);
    }

    /** Checksums in outer packets: of IPv4, left out of IPv6, accepted when left out of IPv6. */
    public Vxlan withChecksums(boolean ipv4, boolean zero6Transmit, boolean zero6Receive) {
      return new Vxlan(
          vni,
          local,
          port,
          learning,
          parent,
          ipv4,
          zero6Transmit,
          zero6Receive,
          ttl,
          dontFragment,
          external);
    }

    public Vxlan withTtl(int newTtl) {
      return new Vxlan(
          vni,
          local,
          port,
          learning,
          parent,
          udpChecksum,
          zeroChecksum6Transmit,
          zeroChecksum6Receive,
          newTtl,
          dontFragment,
          external);
    }

    @Override
    public String word() {
      return "vxlan";
    }
  }

  /** A TUN or TAP device. */
  record Tun() implements LinkKind {
    @Override
    public String word() {
      return "tun";
    }
  }

  /**
   * Any other kind.
   *
   * @param word the kernel's word; empty for hardware and loopback, which have none
   */
  record Other(String word) implements LinkKind {}
}

package io.naru.linux.route;

import io.naru.core.address.InterfaceAddress;

/**
 * An address on a link.
 *
 * @param index the link
 * @param address the address and the length of its prefix
 * @param scope RT_SCOPE_* of linux/rtnetlink.h: 0 everywhere, 253 this link, 254 this host
 * @param flags IFA_F_* of linux/if_addr.h
 * @param protocol who put it there (IFA_PROTO; kernels before 5.18 do not keep it); 0 for unknown
 */
public record LinkAddress(int index, InterfaceAddress address, int scope, int flags, int protocol) {
  /** Scope of an address that the kernel may choose for packets to anywhere. */
  public static final int EVERYWHERE = 0;

  /** Scope of one that it chooses only for what stays on the link (IPv4). */
  public static final int THIS_LINK = 253;

  /** Usable at once, without duplicate address detection (IPv6). */
  public static final int NO_DUPLICATE_DETECTION = 0x02;

  /** One of those that change from time to time, for privacy (IPv6, RFC 8981). */
  public static final int TEMPORARY = 0x01;

  /** Not for new connections any more, as written (IPv6): the kernel knows it by a life of 0 s. */
  public static final int DEPRECATED = 0x20;

  /** Not usable yet: duplicate address detection is under way (IPv6). */
  public static final int TENTATIVE = 0x40;

  /** Another host has it (IPv6). */
  public static final int DUPLICATE_FOUND = 0x08;

  /** Has no end of life; the kernel sets it itself. */
  public static final int PERMANENT = 0x80;

  /** Adds no route to its prefix. */
  public static final int NO_PREFIX_ROUTE = 0x200;

  /** An address of global scope. */
  public static LinkAddress of(int index, InterfaceAddress address) {
    return new LinkAddress(index, address, 0, 0, 0);
  }

  public LinkAddress withFlags(int newFlags) {
    return new LinkAddress(index, address, scope, newFlags, protocol);
  }

  public LinkAddress withScope(int newScope) {
    return new LinkAddress(index, address, newScope, flags, protocol);
  }

  public LinkAddress withProtocol(int newProtocol) {
    return new LinkAddress(index, address, scope, flags, newProtocol);
  }
}

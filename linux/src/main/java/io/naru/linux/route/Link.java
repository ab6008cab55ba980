package io.naru.linux.route;

import io.naru.core.address.MacAddress;

/**
 * A network interface.
 *
 * @param index its number in its namespace
 * @param name its name
 * @param address link-layer address; 00:00:00:00:00:00 where the link has none
 * @param mtu largest packet in bytes, without the link-layer header
 * @param up whether it was set up (IFF_UP)
 * @param master index of the bridge it is a port of; 0 for none
 * @param alias free text that someone put on it; empty for none
 * @param kind what it is
 * @param carrier whether the layer beneath works (IFF_LOWER_UP)
 * @param parent index of the link it belongs to (IFLA_LINK); 0 for none
 * @param parentNamespace number by which this namespace knows the parent's; −1 for its own
 * @param hardwareType ARPHRD_* of linux/if_arp.h: 1 for Ethernet, 65534 for TUN
 */
public record Link(
    int index,
    String name,
    MacAddress address,
    int mtu,
    boolean up,
    int master,
    String alias,
    LinkKind kind,
    boolean carrier,
    int parent,
    int parentNamespace,
    int hardwareType) {}

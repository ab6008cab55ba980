package io.naru.observe.packet;

/**
 * RFC 7348.
 *
 * @param flags 0x08 where the VNI is valid; the others are reserved
 * @param vni 24 bits
 * @param inner the frame within
 */
public record Vxlan(int flags, int vni, Frame inner) {}

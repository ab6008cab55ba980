package io.naru.linux.tap;

/**
 * Counters of a tap since it was opened (PACKET_STATISTICS of linux/if_packet.h).
 *
 * @param matched packets the filter took, the dropped ones included
 * @param dropped packets that were lost because nobody read fast enough
 */
public record TapStatistics(long matched, long dropped) {}

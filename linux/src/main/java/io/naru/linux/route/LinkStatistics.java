package io.naru.linux.route;

/**
 * Counters of a link since it was made ({@code struct rtnl_link_stats64} of linux/if_link.h).
 *
 * @param receivedPackets rx_packets
 * @param sentPackets tx_packets
 * @param receivedBytes rx_bytes
 * @param sentBytes tx_bytes
 * @param receiveErrors rx_errors
 * @param sendErrors tx_errors
 * @param receiveDropped rx_dropped
 * @param sendDropped tx_dropped
 * @param receiveFrameErrors rx_frame_errors
 * @param sendCarrierErrors tx_carrier_errors
 */
public record LinkStatistics(
    long receivedPackets,
    long sentPackets,
    long receivedBytes,
    long sentBytes,
    long receiveErrors,
    long sendErrors,
    long receiveDropped,
    long sendDropped,
    long receiveFrameErrors,
    long sendCarrierErrors) {}

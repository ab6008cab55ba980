package io.naru.linux.nftables;

/**
 * A named counter.
 *
 * @param name its name in its table
 * @param packets how many passed
 * @param bytes their bytes, from the network header on
 */
public record NamedCounter(String name, long packets, long bytes) {}

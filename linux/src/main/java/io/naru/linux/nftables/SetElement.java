package io.naru.linux.nftables;

import io.naru.linux.netlink.Payload;

/**
 * An element of an nftables set or map.
 *
 * @param set its name
 * @param key as the kernel's registers have it: each part of a concatenation fills up four bytes
 * @param value what a map leads to
 */
public record SetElement(String set, Payload key, Value value) {
  /** What an element leads to. */
  public sealed interface Value {
    /** Of an element of a set. */
    record Nothing() implements Value {}

    /** The packet goes on in that chain, and does not come back. */
    record Chain(String name) implements Value {}

    /** The packet is dropped. */
    record Drop() implements Value {}

    /** So many bytes as the map's values have. */
    record Bytes(Payload bytes) implements Value {}
  }
}

package io.naru.core.service;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An element of a map or set of the services' table.
 *
 * @param map its name
 * @param key the parts that it is found by
 * @param value what is found
 */
public record MapElement(String map, List<Datum> key, Value value) {
  /** NFT_REG32_SIZE of linux/netfilter/nf_tables.h: each part begins a register. */
  private static final int REGISTER = 4;

  public MapElement {
    key = List.copyOf(key);
  }

  /** What an element leads to. */
  public sealed interface Value {
    /** Of an element of a set. */
    record Nothing() implements Value {}

    /** The packet goes on in that chain. */
    record Chain(String name) implements Value {}

    /** The packet is dropped. */
    record Drop() implements Value {}

    /** A value for the rule that asks. */
    record Of(Datum datum) implements Value {}
  }

  /** As nft(8) writes it, like {@code 10.96.0.10 . udp . 53 : goto pick_2}. */
  public String text() {
    String found = key.stream().map(Datum::text).collect(Collectors.joining(" . "));
    return switch (value) {
      case Value.Nothing() -> found;
      case Value.Chain(String name) -> found + " : goto " + name;
      case Value.Drop() -> found + " : drop";
      case Value.Of(Datum datum) -> found + " : " + datum.text();
    };
  }

  /** Its key as the kernel keeps it. */
  public byte[] keyBytes() {
    List<byte[]> parts = key.stream().map(Datum::bytes).toList();
    ByteBuffer bytes = ByteBuffer.allocate(parts.stream().mapToInt(MapElement::registers).sum());
    int at = 0;
    for (byte[] part : parts) {
      bytes.put(at, part);
      at += registers(part);
    }
    return bytes.array();
  }

  /** So many bytes are taken by a part. */
  private static int registers(byte[] part) {
    return (part.length + REGISTER - 1) / REGISTER * REGISTER;
  }
}

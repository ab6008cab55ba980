package io.naru.agent.service;

import io.naru.linux.netlink.Payload;
import io.naru.linux.nftables.SetElement;
import io.naru.linux.nftables.SetElement.Value;
import java.nio.charset.StandardCharsets;

/**
 * A sum over elements, in whatever order they come: two lots of tens of thousands are compared
 * without holding either. Against chance, not against malice: who may alter the table may do all.
 */
final class ElementSum {
  /** FNV-1a, 64 bits (RFC 9923). */
  private static final long BASIS = 0xcbf2_9ce4_8422_2325L;

  private static final long PRIME = 0x100_0000_01b3L;

  private long sum;
  private int count;

  void add(SetElement element) {
    long hash = mixed(BASIS, element.set().getBytes(StandardCharsets.UTF_8));
    hash = mixed(hash, element.key());
    sum +=
        switch (element.value()) {
          case Value.Nothing() -> mixed(hash, (byte) 0);
          case Value.Drop() -> mixed(hash, (byte) 1);
          case Value.Chain(String name) ->
              mixed(mixed(hash, (byte) 2), name.getBytes(StandardCharsets.UTF_8));
          case Value.Bytes(Payload bytes) -> mixed(mixed(hash, (byte) 3), bytes);
        };
    count++;
  }

  private static long mixed(long hash, Payload bytes) {
    return mixed(hash, bytes.toBytes());
  }

  private static long mixed(long hash, byte... bytes) {
    long mixed = hash ^ bytes.length;
    for (byte each : bytes) {
      mixed = (mixed ^ each & 0xff) * PRIME;
    }
    return mixed;
  }

  boolean isSameAs(ElementSum other) {
    return sum == other.sum && count == other.count;
  }
}

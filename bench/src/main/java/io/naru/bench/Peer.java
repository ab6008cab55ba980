package io.naru.bench;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.NodeName;
import java.util.List;
import java.util.stream.IntStream;

/** A peer of thousands, which no packet is ever sent to. */
record Peer(int number) {
  /** Addresses before them are the lab's node's own block of pods. */
  private static final int FIRST = 256;

  private static final int BLOCK = 8;
  private static final int IN_SUBNET = 250;

  static List<Peer> some(int count) {
    return IntStream.range(0, count).mapToObj(Peer::new).toList();
  }

  Prefix podCidr() {
    int first = FIRST + number * BLOCK;
    return Prefix.parse("10.244.%d.%d/29".formatted(first / 256, first % 256));
  }

  IpAddress address() {
    return IpAddress.parse("172.20.%d.%d".formatted(number / IN_SUBNET, 1 + number % IN_SUBNET));
  }

  MacAddress vtepMac() {
    return MacAddress.locallyAdministered(0x1_0000 + number);
  }

  ForeignNode node() {
    return new ForeignNode(
        new NodeName("peer" + number), List.of(address()), vtepMac(), List.of(podCidr()));
  }
}

package io.naru.linux.nftables;

import io.naru.linux.netlink.NetlinkMessage;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;

/** Every way in which a message of the packet filter is read. */
public final class NftablesReading {
  private NftablesReading() {}

  /** The ways; each may refuse. */
  public static final List<Consumer<NetlinkMessage>> WAYS =
      List.of(
          NftablesEvents::read,
          message -> NftablesNetlink.readElements(message.payload(), new HashMap<>()),
          message -> ElementCodec.read(message.payload(), element -> {}));
}

package io.naru.linux.conntrack;

import io.naru.linux.netlink.NetlinkMessage;
import java.util.List;
import java.util.function.Consumer;

/** How a message of connection tracking is read. */
public final class ConntrackReading {
  private ConntrackReading() {}

  /** The way; it may refuse. */
  public static final List<Consumer<NetlinkMessage>> WAYS = List.of(FlowCodec::read);
}

package io.naru.linux.route;

import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.Payload;
import java.util.List;
import java.util.function.Consumer;

/** Every way in which a message of rtnetlink is read. */
public final class RouteReading {
  private RouteReading() {}

  /** The ways; each may refuse. */
  public static final List<Consumer<NetlinkMessage>> WAYS =
      List.of(
          RouteEvents::read,
          payload(LinkCodec::read),
          payload(LinkCodec::isOperational),
          payload(LinkCodec::statistics),
          payload(AddressCodec::read),
          payload(RouteCodec::read),
          payload(RouteCodec::readAnswer),
          payload(RouteCodec::isDefault),
          payload(RuleCodec::read),
          payload(NeighbourCodec::readNeighbour),
          payload(NeighbourCodec::readForwardingEntry));

  private static Consumer<NetlinkMessage> payload(Consumer<Payload> reader) {
    return message -> reader.accept(message.payload());
  }
}

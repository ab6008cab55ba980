package io.naru.linux.route;

import static io.naru.linux.route.Rtnetlink.*;

import io.naru.linux.call.Errno;
import io.naru.linux.call.KernelException;
import io.naru.linux.call.Wakeup;
import io.naru.linux.netlink.NetlinkEndpoint;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.NetlinkSocket;
import io.naru.linux.netlink.Payload;
import io.naru.linux.route.RouteEvent.Presence;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The kernel's notices about one network namespace: that of the thread which opens it. One thread
 * reads, another may close.
 */
public final class RouteEvents implements AutoCloseable {
  /** Multicast groups (RTNLGRP_* of linux/rtnetlink.h). */
  public enum Group {
    LINK(1),
    /** Neighbours and forwarding entries. */
    NEIGHBOUR(3),
    IPV4_ADDRESS(5),
    IPV4_ROUTE(7),
    IPV4_RULE(8),
    IPV6_ADDRESS(9),
    IPV6_ROUTE(11),
    IPV6_RULE(19);

    private final int number;

    Group(int number) {
      this.number = number;
    }
  }

  private final NetlinkEndpoint endpoint;
  private final Queue<RouteEvent> pending = new ArrayDeque<>();

  private RouteEvents(NetlinkEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Subscribes: whatever changes after this returns will be told. */
  public static RouteEvents open(Set<Group> groups) {
    NetlinkEndpoint endpoint = NetlinkEndpoint.open(NetlinkSocket.NETLINK_ROUTE);
    try {
      groups.forEach(group -> endpoint.join(group.number));
      return new RouteEvents(endpoint);
    } catch (RuntimeException failure) {
      endpoint.close();
      throw failure;
    }
  }

  /**
   * Waits for the next event, on a platform thread.
   *
   * @return empty when time ran out or this was closed
   */
  public Optional<RouteEvent> next(Duration timeout) {
    long start = System.nanoTime();
    while (pending.isEmpty()) {
      try {
        switch (endpoint.receive(Wakeup.left(timeout, start))) {
          case NetlinkEndpoint.Received.Datagram(Payload bytes) ->
              NetlinkMessage.parse(bytes).forEach(message -> read(message).ifPresent(pending::add));
          case NetlinkEndpoint.Received.Nothing nothing -> {
            return Optional.empty();
          }
        }
      } catch (KernelException failure) {
        if (failure.errno() != Errno.ENOBUFS) {
          throw failure;
        }
        pending.add(new RouteEvent.Overflow());
      }
    }
    return Optional.ofNullable(pending.poll());
  }

  /** Hands every event to the handler until this is closed. */
  public void forEach(Consumer<RouteEvent> handler) {
    while (!endpoint.isClosed()) {
      next(Duration.ofDays(1)).ifPresent(handler);
    }
  }

  static Optional<RouteEvent> read(NetlinkMessage message) {
    Payload payload = message.payload();
    return switch (message.type()) {
      case RTM_NEWLINK, RTM_DELLINK ->
          LinkCodec.read(payload)
              .map(link -> new RouteEvent.OfLink(presence(message, RTM_NEWLINK), link));
      case RTM_NEWADDR, RTM_DELADDR ->
          AddressCodec.read(payload)
              .map(address -> new RouteEvent.OfAddress(presence(message, RTM_NEWADDR), address));
      case RTM_NEWROUTE, RTM_DELROUTE ->
          RouteCodec.read(payload)
              .map(route -> new RouteEvent.OfRoute(presence(message, RTM_NEWROUTE), route));
      case RTM_NEWNEIGH, RTM_DELNEIGH -> neighbour(presence(message, RTM_NEWNEIGH), payload);
      case RTM_NEWRULE, RTM_DELRULE ->
          RuleCodec.read(payload)
              .map(rule -> new RouteEvent.OfRule(presence(message, RTM_NEWRULE), rule));
      default -> Optional.empty();
    };
  }

  private static Presence presence(NetlinkMessage message, int newType) {
    return message.type() == newType ? Presence.PRESENT : Presence.GONE;
  }

  private static Optional<RouteEvent> neighbour(Presence presence, Payload payload) {
    return payload.u8(0) == AF_BRIDGE
        ? NeighbourCodec.readForwardingEntry(payload)
            .map(entry -> new RouteEvent.OfForwardingEntry(presence, entry))
        : NeighbourCodec.readNeighbour(payload)
            .map(neighbour -> new RouteEvent.OfNeighbour(presence, neighbour));
  }

  /** Ends the subscription and a wait for it. */
  @Override
  public void close() {
    endpoint.close();
  }
}

package io.naru.linux.nftables;

import io.naru.linux.call.Errno;
import io.naru.linux.call.KernelException;
import io.naru.linux.netlink.NetlinkEndpoint;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.Payload;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The kernel's notices about the packet filter of one network namespace: that of the thread which
 * opens it. One thread reads, another may close.
 */
public final class NftablesEvents implements AutoCloseable {
  private final NetlinkEndpoint endpoint;

  private NftablesEvents(NetlinkEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Subscribes: whatever changes after this returns will be told. */
  public static NftablesEvents open() {
    NetlinkEndpoint endpoint = NetlinkEndpoint.open(NfTables.NETLINK_NETFILTER);
    try {
      endpoint.join(NfTables.GROUP);
      return new NftablesEvents(endpoint);
    } catch (RuntimeException failure) {
      endpoint.close();
      throw failure;
    }
  }

  /** Hands every event to the handler until this is closed, on a platform thread. */
  public void forEach(Consumer<NftablesEvent> handler) {
    while (!endpoint.isClosed()) {
      try {
        switch (endpoint.receive(Duration.ofDays(1))) {
          case NetlinkEndpoint.Received.Datagram(Payload bytes) ->
              NetlinkMessage.parse(bytes).forEach(message -> read(message).ifPresent(handler));
          case NetlinkEndpoint.Received.Nothing nothing -> {}
        }
      } catch (KernelException failure) {
        if (failure.errno() != Errno.ENOBUFS) {
          throw failure;
        }
        handler.accept(new NftablesEvent.Overflow());
      }
    }
  }

  static Optional<NftablesEvent> read(NetlinkMessage message) {
    if (message.type() == NfTables.NEW_GENERATION) {
      return Optional.empty(); // follows every change, and says nothing more
    }
    String table = NfTables.attributes(message.payload()).text(NfTables.TABLE);
    int generation = NfTables.resource(message.payload());
    return Optional.of(
        switch (message.type()) {
          case NfTables.NEW_ELEMENTS, NfTables.DELETE_ELEMENTS ->
              new NftablesEvent.OfElements(table, generation);
          default -> new NftablesEvent.OfTable(table, generation);
        });
  }

  /** Ends the subscription and a wait for it. */
  @Override
  public void close() {
    endpoint.close();
  }
}

package io.naru.linux.conntrack;

import io.naru.core.address.IpFamily;
import io.naru.core.error.NaruException;
import io.naru.linux.call.KernelException;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.NetlinkRequest;
import io.naru.linux.netlink.NetlinkSocket;
import io.naru.linux.netlink.Payload;
import java.util.function.Consumer;

/**
 * The flows that the kernel tracks in one network namespace: that of the thread which opens it,
 * whichever thread uses it later. Needs CAP_NET_ADMIN there.
 */
public final class Conntrack implements AutoCloseable {
  private static final String LISTING = "list the tracked connections";

  private final NetlinkSocket listing;

  /** One of their own, so that a flow can be deleted while the others are still being told. */
  private final NetlinkSocket deleting;

  private volatile boolean filters;

  private Conntrack(NetlinkSocket listing, NetlinkSocket deleting, boolean filters) {
    this.listing = listing;
    this.deleting = deleting;
    this.filters = filters;
  }

  /** Opens it in the calling thread's network namespace. */
  public static Conntrack open() {
    return open(true);
  }

  /**
   * @param filters whether to ask the kernel for one protocol alone
   */
  static Conntrack open(boolean filters) {
    NetlinkSocket listing = NetlinkSocket.open(Ctnetlink.NETLINK_NETFILTER);
    try {
      return new Conntrack(listing, NetlinkSocket.open(Ctnetlink.NETLINK_NETFILTER), filters);
    } catch (RuntimeException failure) {
      listing.close();
      throw failure;
    }
  }

  /**
   * Tells of each flow as it comes from the kernel, so that a hundred thousand of them are never in
   * memory at once. Flows that begin or end meanwhile may be told or not; where the kernel's
   * messages were lost the list is read again, and what was told before is told again.
   *
   * @param protocol the number in an IP header, 17 for UDP
   * @param consumer may {@link #delete}, but not list
   * @throws KernelException NOT_PERMITTED without CAP_NET_ADMIN
   * @throws NaruException MALFORMED for what is no flow; UNAVAILABLE if no reading was whole
   */
  public void forEach(IpFamily family, int protocol, Consumer<Flow> consumer) {
    if (filters) {
      try {
        dump(FlowCodec.all(family, protocol), protocol, consumer);
        return;
      } catch (KernelException refused) {
        if (!isRefusedFilter(refused)) {
          throw refused;
        }
        filters = false;
      }
    }
    dump(FlowCodec.all(family), protocol, consumer);
  }

  /**
   * Whether the kernel knows filters, but not ours; one that knows none leaves it unread. What a
   * consumer was refused is not meant.
   */
  static boolean isRefusedFilter(KernelException refused) {
    return refused.operation().equals(LISTING)
        && switch (refused.errno()) {
          case EINVAL, EOPNOTSUPP, ERANGE -> true;
          default -> false;
        };
  }

  private void dump(Payload question, int protocol, Consumer<Flow> consumer) {
    listing.dump(
        new NetlinkRequest(LISTING, Ctnetlink.IPCTNL_MSG_CT_GET, 0, question),
        message -> tell(message, protocol, consumer));
  }

  private static void tell(NetlinkMessage message, int protocol, Consumer<Flow> consumer) {
    FlowCodec.read(message).filter(flow -> flow.protocol() == protocol).ifPresent(consumer);
  }

  /**
   * Makes the kernel forget this flow, so that its next packet begins another. A newer flow of the
   * same client that goes elsewhere is left alone.
   *
   * @param flow of a protocol that has ports; the kernel refuses others (EINVAL)
   * @return false if it is gone already
   */
  public boolean delete(Flow flow) {
    try {
      deleting.execute(
          new NetlinkRequest(
              () -> "forget the tracked connection " + flow.original(),
              Ctnetlink.IPCTNL_MSG_CT_DELETE,
              0,
              FlowCodec.one(flow)));
      return true;
    } catch (KernelException refused) {
      if (refused.isAbsent()) {
        return false;
      }
      throw refused;
    }
  }

  @Override
  public void close() {
    listing.close();
    deleting.close();
  }
}

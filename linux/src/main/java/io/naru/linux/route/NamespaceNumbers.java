package io.naru.linux.route;

import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.NetlinkRequest;
import io.naru.linux.netlink.NetlinkSocket;
import io.naru.linux.netlink.PayloadWriter;
import java.util.OptionalInt;

/**
 * The numbers by which one network namespace knows others ({@link Link#parentNamespace}): with them
 * it is certain in which one the other end of a veth pair is.
 */
public final class NamespaceNumbers implements AutoCloseable {
  /** Size of struct rtgenmsg (linux/rtnetlink.h), with what fills it up to four bytes. */
  private static final int HEADER = 4;

  private static final int RTM_GETNSID = 90; // linux/rtnetlink.h

  // linux/net_namespace.h
  private static final int NETNSA_NSID = 1;
  private static final int NETNSA_FD = 3;

  private final NetlinkSocket socket;

  private NamespaceNumbers(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a conversation about the numbers of the calling thread's namespace. */
  public static NamespaceNumbers open() {
    return new NamespaceNumbers(NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE));
  }

  /** The number of a namespace that is held open; empty where it has none here. */
  public OptionalInt of(int descriptor) {
    return socket
        .ask(
            new NetlinkRequest(
                "ask for a namespace's number",
                RTM_GETNSID,
                0,
                new PayloadWriter().zeros(HEADER).attributeI32(NETNSA_FD, descriptor).toPayload()))
        .stream()
        .map(NetlinkMessage::payload)
        .map(payload -> Attributes.parse(payload.from(HEADER)).i32(NETNSA_NSID))
        .filter(number -> number.isPresent() && number.getAsInt() >= 0)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  @Override
  public void close() {
    socket.close();
  }
}

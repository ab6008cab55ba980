package io.naru.linux.netlink;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.List;

/**
 * A message with its header ({@code struct nlmsghdr} of linux/netlink.h).
 *
 * @param type nlmsg_type
 * @param flags nlmsg_flags
 * @param sequence nlmsg_seq: the request this belongs to
 * @param port nlmsg_pid: the socket it was meant for
 * @param payload what follows the header
 */
public record NetlinkMessage(int type, int flags, int sequence, int port, Payload payload) {
  static final int HEADER = 16;

  /** Reads the messages of one datagram. */
  public static List<NetlinkMessage> parse(Payload datagram) {
    List<NetlinkMessage> messages = new ArrayList<>();
    int offset = 0;
    while (offset < datagram.length()) {
      long length = Integer.toUnsignedLong(datagram.i32(offset));
      if (length < HEADER || length > datagram.length() - offset) {
        throw new NaruException(
            ErrorCode.MALFORMED,
            "a netlink message says it is "
                + length
                + " bytes long where "
                + (datagram.length() - offset)
                + " are left");
      }
      messages.add(
          new NetlinkMessage(
              datagram.u16(offset + 4),
              datagram.u16(offset + 6),
              datagram.i32(offset + 8),
              datagram.i32(offset + 12),
              datagram.slice(offset + HEADER, (int) length - HEADER)));
      offset += (int) length + 3 & ~3;
    }
    return List.copyOf(messages);
  }

  /** The bytes of the message, padded to a multiple of 4. */
  public byte[] toBytes() {
    PayloadWriter to = new PayloadWriter();
    writeTo(to);
    return to.toPayload().toBytes();
  }

  /** Writes those bytes behind others. */
  void writeTo(PayloadWriter to) {
    int length = HEADER + payload.length();
    to.i32(length).u16(type).u16(flags).i32(sequence).i32(port).raw(payload).zeros(-length & 3);
  }
}

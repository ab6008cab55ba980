package io.naru.linux.netlink;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an NLMSG_ERROR or NLMSG_DONE message says: success or a positive errno, with the kernel's
 * words (extended ack, Documentation/userspace-api/netlink/intro.rst).
 *
 * @param number 0, or the positive errno
 * @param text the kernel's words, or empty
 */
record Answer(int number, String text) {
  static final int ERROR = 2;
  static final int DONE = 3;

  private static final int CAPPED = 0x100;
  private static final int EXTENDED = 0x200;
  private static final int TEXT = 1;
  private static final int MISSING_TYPE = 5;

  static Answer of(NetlinkMessage message) {
    Payload payload = message.payload();
    int result = payload.length() < 4 && message.type() == DONE ? 0 : payload.i32(0);
    if (result > 0 || result == Integer.MIN_VALUE) {
      // A dump's NLMSG_DONE may carry a count; an error is never positive.
      if (message.type() == DONE) {
        return new Answer(0, "");
      }
      throw new NaruException(
          ErrorCode.MALFORMED, "a netlink ack carries " + result + ", which is no errno");
    }
    if ((message.flags() & EXTENDED) == 0) {
      return new Answer(-result, "");
    }
    Attributes extension = Attributes.parse(payload.from(extensionOffset(message)));
    Optional<String> missing =
        extension.find(MISSING_TYPE).map(type -> "attribute " + type.i32(0) + " is missing");
    String text =
        Stream.concat(Stream.of(extension.text(TEXT)), missing.stream())
            .filter(part -> !part.isEmpty())
            .reduce((first, second) -> first + ", " + second)
            .orElse("");
    return new Answer(-result, text);
  }

  /** Behind the errno, and behind the copy of the request where the kernel gave one. */
  private static int extensionOffset(NetlinkMessage message) {
    if (message.type() == DONE) {
      return 4;
    }
    int requestHeader = 4 + NetlinkMessage.HEADER;
    if ((message.flags() & CAPPED) != 0) {
      return requestHeader;
    }
    // The copied request's own length includes its header.
    long length = Integer.toUnsignedLong(message.payload().i32(4));
    long end = 4 + (length + 3 & ~3L);
    if (length < NetlinkMessage.HEADER || end > message.payload().length()) {
      throw new NaruException(
          ErrorCode.MALFORMED, "a netlink ack copies a request of " + length + " bytes");
    }
    return (int) end;
  }
}

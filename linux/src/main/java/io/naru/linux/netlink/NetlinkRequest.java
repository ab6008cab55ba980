package io.naru.linux.netlink;

import java.util.function.Supplier;

/**
 * What is asked of the kernel; the socket adds sequence number, NLM_F_REQUEST and NLM_F_ACK or
 * NLM_F_DUMP.
 *
 * @param attempt says what is attempted, as the object of "cannot": {@code "add the route …"}; it
 *     is asked only when that failed, for there may be thousands
 * @param type nlmsg_type, for example RTM_NEWROUTE
 * @param flags further nlmsg_flags, for example NLM_F_CREATE
 * @param payload the fixed structure and its attributes
 */
public record NetlinkRequest(Supplier<String> attempt, int type, int flags, Payload payload) {
  public NetlinkRequest(String attempt, int type, int flags, Payload payload) {
    this(() -> attempt, type, flags, payload);
  }

  /** What is attempted. */
  public String operation() {
    return attempt.get();
  }
}

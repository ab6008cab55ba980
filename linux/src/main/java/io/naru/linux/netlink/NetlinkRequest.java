package io.naru.linux.netlink;

/**
 * What is asked of the kernel; the socket adds sequence number, NLM_F_REQUEST and NLM_F_ACK or
 * NLM_F_DUMP.
 *
 * @param operation what is attempted, as the object of "cannot": {@code "add the route …"}
 * @param type nlmsg_type, for example RTM_NEWROUTE
 * @param flags further nlmsg_flags, for example NLM_F_CREATE
 * @param payload the fixed structure and its attributes
 */
public record NetlinkRequest(String operation, int type, int flags, Payload payload) {}

package io.naru.linux.conntrack;

import static io.naru.linux.conntrack.Ctnetlink.*;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.Payload;
import io.naru.linux.netlink.PayloadWriter;
import java.util.Optional;

/** Flows as messages of linux/netfilter/nfnetlink_conntrack.h. */
final class FlowCodec {
  private FlowCodec() {}

  private static PayloadWriter header(IpFamily family) {
    int number =
        switch (family) {
          case IPV4 -> NFPROTO_IPV4;
          case IPV6 -> NFPROTO_IPV6;
        };
    return new PayloadWriter().u8(number).zeros(HEADER - 1);
  }

  /** A question for all flows of a family. */
  static Payload all(IpFamily family) {
    return header(family).toPayload();
  }

  /** A question for a protocol's flows alone; kernels before 5.8 answer it as the one above. */
  static Payload all(IpFamily family, int protocol) {
    return header(family)
        .nested(
            CTA_TUPLE_ORIG,
            tuple ->
                tuple.nested(
                    CTA_TUPLE_PROTO, inside -> inside.attributeU8(CTA_PROTO_NUM, protocol)))
        .nested(
            CTA_FILTER,
            filter ->
                filter
                    .attributeI32(CTA_FILTER_ORIG_FLAGS, FILTER_BY_PROTOCOL)
                    .attributeI32(CTA_FILTER_REPLY_FLAGS, 0))
        .toPayload();
  }

  /**
   * Names one flow. By its reply: the id hashes only the original tuple and where the flow lies in
   * memory, which is often where the last one lay that ended (nf_ct_get_id of net/netfilter), so a
   * newer flow to another backend may have the same. A deletion without any tuple would be one of
   * all flows.
   */
  static Payload one(Flow flow) {
    Tuple tuple = flow.reply();
    PayloadWriter to =
        header(flow.family())
            .nested(
                CTA_TUPLE_REPLY,
                inside ->
                    inside
                        .nested(CTA_TUPLE_IP, ip -> addresses(tuple, ip))
                        .nested(CTA_TUPLE_PROTO, ends -> ports(flow.protocol(), tuple, ends)))
            .attribute(CTA_ID, id -> id.bigEndianU16(flow.id() >>> 16).bigEndianU16(flow.id()));
    if (flow.zone() != 0) {
      to.attributeBigEndianU16(CTA_ZONE, flow.zone());
    }
    return to.toPayload();
  }

  private static void addresses(Tuple tuple, PayloadWriter to) {
    boolean four = tuple.source().isIpv4();
    to.attribute(four ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, tuple.source())
        .attribute(four ? CTA_IP_V4_DST : CTA_IP_V6_DST, tuple.destination());
  }

  private static void ports(int protocol, Tuple tuple, PayloadWriter to) {
    to.attributeU8(CTA_PROTO_NUM, protocol)
        .attributeBigEndianU16(CTA_PROTO_SRC_PORT, tuple.sourcePort())
        .attributeBigEndianU16(CTA_PROTO_DST_PORT, tuple.destinationPort());
  }

  /** Empty for a message that tells of no flow. */
  static Optional<Flow> read(NetlinkMessage message) {
    if (message.type() != IPCTNL_MSG_CT_NEW) {
      return Optional.empty();
    }
    Attributes attributes = Attributes.parse(message.payload().from(HEADER));
    Attributes original = attributes.nested(CTA_TUPLE_ORIG);
    Attributes reply = attributes.nested(CTA_TUPLE_REPLY);
    return Optional.of(
        new Flow(
            original
                .nested(CTA_TUPLE_PROTO)
                .find(CTA_PROTO_NUM)
                .orElseThrow(() -> missing("protocol"))
                .u8(0),
            tuple(original),
            tuple(reply),
            attributes.bigEndianU16(CTA_ZONE, reply.bigEndianU16(CTA_TUPLE_ZONE, 0)),
            id(attributes)));
  }

  private static Tuple tuple(Attributes attributes) {
    Attributes addresses = attributes.nested(CTA_TUPLE_IP);
    Attributes ends = attributes.nested(CTA_TUPLE_PROTO);
    return new Tuple(
        address(addresses, CTA_IP_V4_SRC, CTA_IP_V6_SRC),
        address(addresses, CTA_IP_V4_DST, CTA_IP_V6_DST),
        ends.bigEndianU16(CTA_PROTO_SRC_PORT, 0),
        ends.bigEndianU16(CTA_PROTO_DST_PORT, 0));
  }

  private static IpAddress address(Attributes addresses, int four, int six) {
    return addresses
        .address(four)
        .or(() -> addresses.address(six))
        .orElseThrow(() -> missing("address"));
  }

  private static int id(Attributes attributes) {
    Payload id = attributes.find(CTA_ID).orElseThrow(() -> missing("id"));
    return id.bigEndianU16(0) << 16 | id.bigEndianU16(2);
  }

  private static NaruException missing(String what) {
    return new NaruException(
        ErrorCode.MALFORMED, "the kernel tells of a tracked connection without its " + what);
  }
}

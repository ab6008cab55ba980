package io.naru.linux.conntrack;

/** Numbers of connection tracking's netlink messages. */
final class Ctnetlink {
  /** linux/netlink.h. */
  static final int NETLINK_NETFILTER = 12;

  /** NFNL_SUBSYS_CTNETLINK of linux/netfilter/nfnetlink.h, in the upper byte of a type. */
  private static final int SUBSYSTEM = 1 << 8;

  // enum cntl_msg_types of linux/netfilter/nfnetlink_conntrack.h
  static final int IPCTNL_MSG_CT_NEW = SUBSYSTEM;
  static final int IPCTNL_MSG_CT_GET = SUBSYSTEM | 1;
  static final int IPCTNL_MSG_CT_DELETE = SUBSYSTEM | 2;

  // enum ctattr_type of linux/netfilter/nfnetlink_conntrack.h
  static final int CTA_TUPLE_ORIG = 1;
  static final int CTA_TUPLE_REPLY = 2;
  static final int CTA_ID = 12;
  static final int CTA_ZONE = 18;
  static final int CTA_FILTER = 25;

  // enum ctattr_tuple
  static final int CTA_TUPLE_IP = 1;
  static final int CTA_TUPLE_PROTO = 2;
  static final int CTA_TUPLE_ZONE = 3;

  // enum ctattr_ip
  static final int CTA_IP_V4_SRC = 1;
  static final int CTA_IP_V4_DST = 2;
  static final int CTA_IP_V6_SRC = 3;
  static final int CTA_IP_V6_DST = 4;

  // enum ctattr_l4proto
  static final int CTA_PROTO_NUM = 1;
  static final int CTA_PROTO_SRC_PORT = 2;
  static final int CTA_PROTO_DST_PORT = 3;

  // enum ctattr_filter
  static final int CTA_FILTER_ORIG_FLAGS = 1;
  static final int CTA_FILTER_REPLY_FLAGS = 2;

  /**
   * The protocol's bit in those flags (CTA_FILTER_F_CTA_PROTO_NUM, net/netfilter/nf_internals.h).
   */
  static final int FILTER_BY_PROTOCOL = 1 << 3;

  /** NFPROTO_IPV4 of linux/netfilter.h. */
  static final int NFPROTO_IPV4 = 2;

  /** NFPROTO_IPV6 of linux/netfilter.h. */
  static final int NFPROTO_IPV6 = 10;

  /** {@code struct nfgenmsg} of linux/netfilter/nfnetlink.h: family, version, resource. */
  static final int HEADER = 4;

  private Ctnetlink() {}
}

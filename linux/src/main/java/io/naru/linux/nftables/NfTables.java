package io.naru.linux.nftables;

import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.Payload;
import io.naru.linux.netlink.PayloadWriter;

/** Numbers of the packet filter's netlink messages. */
final class NfTables {
  /** linux/netlink.h. */
  static final int NETLINK_NETFILTER = 12;

  /** The multicast group NFNLGRP_NFTABLES of linux/netfilter/nfnetlink.h. */
  static final int GROUP = 7;

  /** NFNL_SUBSYS_NFTABLES of linux/netfilter/nfnetlink.h, in the upper byte of a type. */
  private static final int SUBSYSTEM = 10 << 8;

  // enum nf_tables_msg_types of linux/netfilter/nf_tables.h
  static final int NEW_ELEMENTS = SUBSYSTEM | 12;
  static final int GET_ELEMENTS = SUBSYSTEM | 13;
  static final int DELETE_ELEMENTS = SUBSYSTEM | 14;
  static final int NEW_GENERATION = SUBSYSTEM | 15;
  static final int GET_GENERATION = SUBSYSTEM | 16;

  /** NFPROTO_* of linux/netfilter.h. */
  static final int FAMILY_UNSPECIFIED = 0;

  static final int FAMILY_INET = 1;

  /** NFTA_GEN_ID. */
  static final int GENERATION_ID = 1;

  /** NFTA_TABLE_NAME, NFTA_CHAIN_TABLE, NFTA_RULE_TABLE, NFTA_SET_TABLE: all the same number. */
  static final int TABLE = 1;

  /** NFTA_SET_ELEM_LIST_TABLE, _SET and _ELEMENTS. */
  static final int ELEMENTS_TABLE = 1;

  static final int ELEMENTS_SET = 2;
  static final int ELEMENTS_LIST = 3;

  /** NFTA_SET_ELEM_KEY and _EXPR, NFTA_DATA_VALUE. */
  static final int ELEMENT_KEY = 1;

  static final int ELEMENT_EXPRESSION = 7;
  static final int DATA_VALUE = 1;

  /** NFTA_EXPR_NAME and _DATA, NFTA_COUNTER_PACKETS. */
  static final int EXPRESSION_NAME = 1;

  static final int EXPRESSION_DATA = 2;
  static final int COUNTER_PACKETS = 2;

  /** {@code struct nfgenmsg} of linux/netfilter/nfnetlink.h: family, version, resource. */
  private static final int HEADER = 4;

  private NfTables() {}

  static PayloadWriter header(int family) {
    return new PayloadWriter().u8(family).zeros(HEADER - 1);
  }

  /** The header's resource: in notices the lower bits of the ruleset's generation. */
  static int resource(Payload message) {
    return message.length() < HEADER ? 0 : message.bigEndianU16(2);
  }

  static Attributes attributes(Payload message) {
    return Attributes.parse(message.from(HEADER));
  }
}

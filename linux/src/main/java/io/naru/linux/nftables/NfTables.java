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

  /** NFNL_MSG_BATCH_BEGIN and _END of linux/netfilter/nfnetlink.h; both name the subsystem. */
  static final int BATCH_BEGIN = 0x10;

  static final int BATCH_END = 0x11;

  /** NFNL_SUBSYS_NFTABLES. */
  private static final int SUBSYSTEM_NUMBER = SUBSYSTEM >>> 8;

  /** NLM_F_CREATE of linux/netlink.h. */
  static final int CREATE = 0x400;

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

  /** NFTA_LIST_ELEM. */
  static final int LIST_ELEMENT = 1;

  /** NFTA_SET_ELEM_KEY, _DATA and _EXPR. */
  static final int ELEMENT_KEY = 1;

  static final int ELEMENT_DATA = 2;
  static final int ELEMENT_EXPRESSION = 7;

  /** NFTA_DATA_VALUE and _VERDICT, NFTA_VERDICT_CODE and _CHAIN. */
  static final int DATA_VALUE = 1;

  static final int DATA_VERDICT = 2;
  static final int VERDICT_CODE = 1;
  static final int VERDICT_CHAIN = 2;

  /** NF_DROP of linux/netfilter.h and NFT_GOTO. */
  static final int VERDICT_DROP = 0;

  static final int VERDICT_GOTO = -4;

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

  /** What begins and ends a batch of this subsystem. */
  static Payload batchMark() {
    return new PayloadWriter()
        .u8(FAMILY_UNSPECIFIED)
        .u8(0)
        .bigEndianU16(SUBSYSTEM_NUMBER)
        .toPayload();
  }

  /** The header's resource: in notices the lower bits of the ruleset's generation. */
  static int resource(Payload message) {
    return message.length() < HEADER ? 0 : message.bigEndianU16(2);
  }

  static Attributes attributes(Payload message) {
    return Attributes.parse(message.from(HEADER));
  }
}

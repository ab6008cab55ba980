package io.naru.linux.route;

/** Numbers of linux/rtnetlink.h, linux/netlink.h, linux/if_link.h and their neighbours. */
final class Rtnetlink {
  // bits/socket.h
  static final int AF_UNSPEC = 0;
  static final int AF_BRIDGE = 7;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  // linux/netlink.h
  static final int NLM_F_REPLACE = 0x100;
  static final int NLM_F_EXCL = 0x200;
  static final int NLM_F_CREATE = 0x400;
  static final int NLM_F_APPEND = 0x800;

  // linux/rtnetlink.h: message types
  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  static final int RTM_GETLINK = 18;
  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  static final int RTM_GETADDR = 22;
  static final int RTM_NEWROUTE = 24;
  static final int RTM_DELROUTE = 25;
  static final int RTM_GETROUTE = 26;
  static final int RTM_NEWNEIGH = 28;
  static final int RTM_DELNEIGH = 29;
  static final int RTM_GETNEIGH = 30;
  static final int RTM_NEWRULE = 32;
  static final int RTM_DELRULE = 33;
  static final int RTM_GETRULE = 34;

  // linux/if_link.h
  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_LINK = 5;
  static final int IFLA_MASTER = 10;
  static final int IFLA_OPERSTATE = 16;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_IFALIAS = 20;
  static final int IFLA_STATS64 = 23;
  static final int IFLA_XDP = 43;
  static final int IFLA_XDP_PROG_ID = 4;
  static final int IFLA_NET_NS_FD = 28;
  static final int IFLA_EXT_MASK = 29;
  static final int IFLA_LINK_NETNSID = 37;
  static final int IFLA_INFO_KIND = 1;
  static final int IFLA_INFO_DATA = 2;

  /** linux/veth.h. */
  static final int VETH_INFO_PEER = 1;

  /** RTEXT_FILTER_SKIP_STATS of linux/rtnetlink.h: lists without counters are a third as long. */
  static final int SKIP_STATISTICS = 8;

  // linux/if.h
  static final int IFF_UP = 1;
  static final int IFF_LOWER_UP = 0x10000;

  // linux/if_addr.h
  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int IFA_CACHEINFO = 6;
  static final int IFA_FLAGS = 8;
  static final int IFA_PROTO = 11;

  // linux/rtnetlink.h: routes
  static final int RTA_DST = 1;
  static final int RTA_SRC = 2;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_PRIORITY = 6;
  static final int RTA_PREFSRC = 7;
  static final int RTA_METRICS = 8;
  static final int RTA_MULTIPATH = 9;
  static final int RTA_TABLE = 15;
  static final int RTA_MARK = 16;
  static final int RTA_VIA = 18;
  static final int RTAX_MTU = 2;
  static final int RTNH_F_ONLINK = 4;
  static final int RTM_F_CLONED = 0x200;
  static final int RTM_F_LOOKUP_TABLE = 0x1000;

  // linux/neighbour.h
  static final int NDA_DST = 1;
  static final int NDA_LLADDR = 2;
  static final int NDA_PORT = 6;
  static final int NDA_IFINDEX = 8;
  static final int NTF_SELF = 2;
  static final int NUD_NOARP = 0x40;
  static final int NUD_PERMANENT = 0x80;

  // linux/fib_rules.h
  static final int FRA_DST = 1;
  static final int FRA_SRC = 2;
  static final int FRA_IIFNAME = 3;
  static final int FRA_PRIORITY = 6;
  static final int FRA_FWMARK = 10;
  static final int FRA_TABLE = 15;
  static final int FRA_FWMASK = 16;
  static final int FRA_OIFNAME = 17;
  static final int FRA_PROTOCOL = 21;
  static final int FIB_RULE_INVERT = 2;

  private Rtnetlink() {}
}

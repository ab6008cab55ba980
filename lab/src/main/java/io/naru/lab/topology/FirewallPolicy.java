package io.naru.lab.topology;

/** What the fabric's security group lets in to a node. */
public enum FirewallPolicy {
  /** Everything. */
  OPEN("open"),
  /** Replies, ICMP and ICMPv6, ARP; nothing else. */
  DEFAULT_DENY("default-deny");

  private final String text;

  FirewallPolicy(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}

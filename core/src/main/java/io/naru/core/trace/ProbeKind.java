package io.naru.core.trace;

/** What a trace sends. */
public enum ProbeKind {
  /** ICMP echo (RFC 792, RFC 4443): the kernel of any pod answers, with as many bytes. */
  ECHO("echo"),
  /** A datagram to a port: answered by who listens, or refused by the kernel. */
  UDP("udp"),
  /** A real connection: SYN, and SYN-ACK or RST. */
  TCP("tcp");

  private final String text;

  ProbeKind(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}

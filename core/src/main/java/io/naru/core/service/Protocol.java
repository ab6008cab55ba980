package io.naru.core.service;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.Locale;

/** What a service's port speaks. */
public enum Protocol {
  TCP(6),
  UDP(17);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** Its number in an IP header (RFC 9293, RFC 768). */
  public int number() {
    return number;
  }

  /** The protocol that a text names. */
  public static Protocol parse(String text) {
    for (Protocol protocol : values()) {
      if (protocol.toString().equalsIgnoreCase(text)) {
        return protocol;
      }
    }
    throw new NaruException(
        ErrorCode.BAD_INPUT, "'" + text + "' is no protocol of services; use tcp or udp");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.naru.core.text;

/** Labels of DNS that can name a host, and so a service, a namespace or a port (RFC 1123, 2.1). */
public final class DnsLabel {
  private static final int LONGEST = 63;

  private DnsLabel() {}

  /** Whether a text is one: 1 to 63 small letters, digits and hyphens, none of these at an end. */
  public static boolean isOne(String text) {
    int length = text.length();
    if (length == 0 || length > LONGEST || text.charAt(0) == '-') {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
        return false;
      }
    }
    return text.charAt(length - 1) != '-';
  }
}

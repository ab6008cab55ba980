package io.naru.dns.upstream;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where another resolver listens. */
public record UpstreamAddress(IpAddress address, int port) {
  /** The port of DNS: RFC 1035, section 4.2. */
  public static final int DNS_PORT = 53;

  /** An IPv6 address stands in brackets where a port follows: RFC 3986, section 3.2.2. */
  private static final Pattern WITH_PORT = Pattern.compile("([0-9.]+|\\[[^\\[\\]]*]):(\\d{1,5})");

  public UpstreamAddress {
    Objects.requireNonNull(address, "address is missing");
    if (port < 1 || port > 65535) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, port + " is no port; use a number from 1 to 65535");
    }
  }

  /** A resolver at the usual port. */
  public static UpstreamAddress of(IpAddress address) {
    return new UpstreamAddress(address, DNS_PORT);
  }

  /**
   * The resolver that a text names: {@code 192.0.2.53}, {@code 192.0.2.53:5353}, {@code [::1]:53}.
   */
  public static UpstreamAddress parse(String text) {
    Matcher withPort = WITH_PORT.matcher(text);
    return withPort.matches()
        ? new UpstreamAddress(
            IpAddress.parse(withPort.group(1).replace("[", "").replace("]", "")),
            Integer.parseInt(withPort.group(2)))
        : of(IpAddress.parse(text));
  }

  InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(address.toInetAddress(), port);
  }

  @Override
  public String toString() {
    return address.isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
  }
}

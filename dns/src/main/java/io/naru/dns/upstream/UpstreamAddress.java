package io.naru.dns.upstream;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.net.InetSocketAddress;
import java.util.Objects;

/** Where another resolver listens. */
public record UpstreamAddress(IpAddress address, int port) {
  /** The port of DNS: RFC 1035, section 4.2. */
  public static final int DNS_PORT = 53;

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

  InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(address.toInetAddress(), port);
  }

  @Override
  public String toString() {
    return address.isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
  }
}

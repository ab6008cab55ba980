package io.naru.channel;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.net.InetSocketAddress;

/**
 * Where a program listens: {@code 192.0.2.1:8472} or {@code [2001:db8::1]:8472} (RFC 3986, 3.2.2).
 *
 * @param address IPv4 or IPv6
 * @param port 0 to 65535; 0 only to listen on a port the kernel chooses
 */
public record TcpAddress(IpAddress address, int port) {
  public TcpAddress {
    if (port < 0 || port > 65535) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "the port " + port + " must be a number from 1 to 65535");
    }
  }

  /** Parses {@code ADDRESS:PORT}, an IPv6 address in brackets; never asks a name server. */
  public static TcpAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String port = colon < 0 ? "" : text.substring(colon + 1);
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    boolean colons = host.indexOf(':') >= 0;
    if (host.isEmpty() || brackets != colons || !port.matches("\\d{1,5}")) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'"
              + text
              + "' is not an address with a port; write one like 192.0.2.1:8472 or"
              + " [2001:db8::1]:8472");
    }
    return new TcpAddress(
        IpAddress.parse(brackets ? host.substring(1, host.length() - 1) : host),
        Integer.parseInt(port));
  }

  /** As the JDK's sockets take it. */
  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(address.toInetAddress(), port);
  }

  /** From a resolved socket address. */
  public static TcpAddress of(InetSocketAddress socket) {
    return new TcpAddress(IpAddress.of(socket.getAddress()), socket.getPort());
  }

  @Override
  public String toString() {
    return address.isIpv6() ? "[" + address + "]:" + port : address + ":" + port;
  }
}

package io.naru.channel.tls;

import java.time.Duration;

/**
 * What strangers may take of a listener.
 *
 * @param handshake time for the TLS handshake and the hello
 * @param strangers connections that are in a handshake or stayed without a certificate, at a time
 * @param strangersPerSource the same from one IPv4 address or one IPv6 /64
 * @param anonymous time in which a connection without a certificate must be done
 */
public record TlsLimits(
    Duration handshake, int strangers, int strangersPerSource, Duration anonymous) {
  /** 15 s, 256, 32, 30 s. */
  public static final TlsLimits DEFAULT =
      new TlsLimits(Duration.ofSeconds(15), 256, 32, Duration.ofSeconds(30));
}

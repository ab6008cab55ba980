package io.naru.observe.trial;

import io.naru.core.address.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * Tries whether UDP to a port where nobody listens comes back refused (RFC 792, code 3; RFC 4443,
 * code 4): then it arrived. Silence may also be a host that does not answer.
 */
public final class PortTrial {
  private static final int ATTEMPTS = 3;
  private static final byte[] TEXT =
      "Naru asks whether this port is closed".getBytes(StandardCharsets.US_ASCII);
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private PortTrial() {}

  /** Whether a small packet is answered. */
  public static boolean isAnswered(IpAddress address, int port) {
    return isAnswered(address, port, TEXT.length, ATTEMPTS);
  }

  /**
   * Whether a packet is answered, or refused by this host as too large.
   *
   * @param length of its UDP payload, in bytes
   * @param attempts how many are sent, each where none before was answered
   */
  public static boolean isAnswered(IpAddress address, int port, int length, int attempts) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
      socket.connect(address.toInetAddress(), port);
      byte[] text = Arrays.copyOf(TEXT, Math.max(length, TEXT.length));
      for (int i = 0; i < attempts; i++) {
        try {
          socket.send(new DatagramPacket(text, text.length));
          socket.receive(new DatagramPacket(new byte[64], 64));
          return true; // somebody listens there after all
        } catch (PortUnreachableException arrived) {
          return true;
        } catch (SocketTimeoutException silence) {
          // Perhaps lost: once more.
        }
      }
      return false;
    } catch (IOException notSent) {
      return false;
    }
  }
}

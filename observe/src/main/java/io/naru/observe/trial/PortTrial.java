package io.naru.observe.trial;

import io.naru.core.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
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

  /** VXLAN's header, and an Ethernet frame of least size without its checksum. */
  private static final int VXLAN_FRAME = 8 + 60;

  private static final byte VALID_VNI = 0x08;
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private PortTrial() {}

  /** Whether a small packet is answered. */
  public static boolean isAnswered(IpAddress address, int port) {
    return isAnswered(address, port, TEXT.length, ATTEMPTS);
  }

  /**
   * Whether a packet is answered. One that this host was told is too large goes in fragments.
   *
   * @param length of its UDP payload, in bytes
   * @param attempts how many are sent, each where none before was answered
   */
  public static boolean isAnswered(IpAddress address, int port, int length, int attempts) {
    return isAnswered(address, port, Arrays.copyOf(TEXT, Math.max(length, TEXT.length)), attempts);
  }

  /** Whether a VXLAN frame (RFC 7348, section 5) without anything in it is answered. */
  public static boolean isVxlanAnswered(IpAddress address, int port) {
    byte[] frame = new byte[VXLAN_FRAME];
    frame[0] = VALID_VNI;
    frame[6] = 1;
    return isAnswered(address, port, frame, ATTEMPTS);
  }

  private static boolean isAnswered(IpAddress address, int port, byte[] payload, int attempts) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
      socket.connect(address.toInetAddress(), port);
      for (int i = 0; i < attempts; i++) {
        try {
          socket.send(new DatagramPacket(payload, payload.length));
          socket.receive(new DatagramPacket(new byte[64], 64));
          return true; // somebody listens there after all
        } catch (PortUnreachableException arrived) {
          return true;
        } catch (SocketTimeoutException silence) {
          // Perhaps lost: once more.
        }
      }
      return false;
    } catch (IOException | UncheckedIOException notSent) {
      return false;
    }
  }
}

package io.naru.observe.trial;

import io.naru.core.address.IpAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * Whether a small packet to a closed port is answered, and one as large as the sender's interface
 * allows.
 *
 * @param small whether the refusal of a small one came back
 * @param size length with its IP header of the large one, in bytes
 * @param large whether that one's came back, or the sender was told that it is too large; not tried
 *     where no small one is answered
 */
public record SizeTrial(boolean small, int size, boolean large) {
  /** How many are sent, at most, before a packet counts as not answered. */
  private static final int OFTEN = 3;

  /** Bytes of UDP payload. */
  private static final int SMALL = 64;

  /**
   * Tries it in the calling thread's network namespace.
   *
   * @param own the address there that packets leave from
   * @param port where nobody listens, so that a refusal comes back
   * @param otherwise MTU of the interface with that address, if it cannot be read
   */
  public static SizeTrial of(IpAddress own, IpAddress target, int port, int otherwise) {
    int size = mtu(own, otherwise);
    boolean small = PortTrial.isAnswered(target, port, SMALL, OFTEN);
    int headers = own.isIpv4() ? 28 : 48;
    boolean large = !small || PortTrial.isAnswered(target, port, size - headers, OFTEN);
    return new SizeTrial(small, size, large);
  }

  private static int mtu(IpAddress own, int otherwise) {
    try {
      NetworkInterface device = NetworkInterface.getByInetAddress(own.toInetAddress());
      return device == null ? otherwise : device.getMTU();
    } catch (SocketException notKnown) {
      return otherwise;
    }
  }
}

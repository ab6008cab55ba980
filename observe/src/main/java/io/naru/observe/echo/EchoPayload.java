package io.naru.observe.echo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What our echo requests carry, so that a tap anywhere tells them from others': eight letters, the
 * run's number, and whether the packet has full size.
 *
 * @param run number of the run that sent it
 * @param full whether it is as large as a pod's packet may be
 */
record EchoPayload(int run, boolean full) {
  private static final byte[] MAGIC = "naruecho".getBytes(StandardCharsets.US_ASCII);
  static final int SHORTEST = MAGIC.length + 4 + 1;

  /** So many bytes, at least {@link #SHORTEST}. */
  byte[] bytes(int length) {
    byte[] bytes = new byte[Math.max(SHORTEST, length)];
    ByteBuffer.wrap(bytes).put(MAGIC).putInt(run).put((byte) (full ? 1 : 0));
    return bytes;
  }

  /** The payload at that place; empty where another one's begins or it is cut short. */
  static Optional<EchoPayload> read(byte[] packet, int at) {
    if (packet.length < at + SHORTEST
        || !Arrays.equals(packet, at, at + MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return Optional.empty();
    }
    ByteBuffer rest = ByteBuffer.wrap(packet, at + MAGIC.length, SHORTEST - MAGIC.length);
    return Optional.of(new EchoPayload(rest.getInt(), rest.get() == 1));
  }
}

package io.naru.core.probe;

import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.Transport;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The payload of one packet of a train, sent to the probes' port and padded with zeros. All numbers
 * are in network order: magic 4 bytes, version 1, transport 1, family 1, kind 1, run 8, sequence 2,
 * length 2, from (length 1, text), to (length 1, text).
 *
 * @param run random: the packets of one train share it
 * @param sequence from 0
 * @param length of the packet with its IP header, in bytes
 */
public record TrainPacket(
    long run,
    TrainKind kind,
    Transport transport,
    IpFamily family,
    int sequence,
    int length,
    NodeName from,
    NodeName to) {
  private static final int MAGIC = 0x4e545250; // "NTRP"
  private static final byte VERSION = 1;
  private static final int MOST_PACKETS = 4096;

  /**
   * The datagram's payload.
   *
   * @param size in bytes; one too short for the fields is made as long as they need
   */
  public byte[] encode(int size) {
    byte[] names = ProbeFields.encoded(from, to);
    ByteBuffer bytes = ByteBuffer.allocate(Math.max(size, 20 + names.length));
    bytes.putInt(MAGIC).put(VERSION).put(ProbeFields.number(transport));
    bytes.put(ProbeFields.number(family)).put(kind.number());
    bytes.putLong(run).putShort((short) sequence).putShort((short) length).put(names);
    return bytes.array();
  }

  /**
   * Reads a payload, or as much of its beginning as a tap kept.
   *
   * @throws NaruException MALFORMED for anything that is not part of a train
   */
  public static TrainPacket decode(byte[] payload) {
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    try {
      if (bytes.getInt() != MAGIC || bytes.get() != VERSION) {
        throw new NaruException(ErrorCode.MALFORMED, "not part of a train of this version");
      }
      Transport transport = ProbeFields.transport(bytes.get());
      IpFamily family = ProbeFields.family(bytes.get());
      byte number = bytes.get();
      TrainKind kind =
          TrainKind.numbered(number)
              .orElseThrow(
                  () -> new NaruException(ErrorCode.MALFORMED, "a train of kind " + number));
      long run = bytes.getLong();
      int sequence = Short.toUnsignedInt(bytes.getShort());
      if (sequence >= MOST_PACKETS) {
        throw new NaruException(ErrorCode.MALFORMED, "packet " + sequence + " of a train");
      }
      int length = Short.toUnsignedInt(bytes.getShort());
      NodeName from = ProbeFields.name(bytes);
      NodeName to = ProbeFields.name(bytes);
      return new TrainPacket(run, kind, transport, family, sequence, length, from, to);
    } catch (BufferUnderflowException tooShort) {
      throw new NaruException(ErrorCode.MALFORMED, "part of a train, cut short", tooShort);
    }
  }
}

package io.naru.core.probe;

import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.Transport;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The payload of a probe: a UDP datagram between two agents' addresses in the pod network, padded
 * with zeros to its size. All numbers are in network order: magic 4 bytes, version 1, transport 1,
 * family 1, size 1, id 8, from (length 1, text), to (length 1, text), count 1, received ids 8 each.
 *
 * @param id random, so that nobody can claim to have received a probe without having seen it
 * @param family of the addresses it is sent between: each is a way of its own
 * @param received ids of probes of the opposite path that arrived of late, newest first
 */
public record ProbePacket(
    long id,
    Transport transport,
    IpFamily family,
    ProbeSize size,
    NodeName from,
    NodeName to,
    List<Long> received) {
  /** UDP port of probes inside the pod network. */
  public static final int PORT = 8473;

  /** More ids than this are not sent along. */
  public static final int MAXIMUM_RECEIVED = 16;

  /** The most bytes a probe has without its padding. */
  public static final int MAXIMUM_HEADER = 4 + 4 + 8 + 64 + 64 + 1 + 8 * MAXIMUM_RECEIVED;

  private static final int MAGIC = 0x4e415255; // "NARU"
  private static final byte VERSION = 2;

  public ProbePacket {
    received = List.copyOf(received);
    if (received.size() > MAXIMUM_RECEIVED) {
      throw new NaruException(ErrorCode.INTERNAL, "a probe carries up to 16 received ids");
    }
  }

  /**
   * The datagram's payload.
   *
   * @param length in bytes; a payload too short for the fields is made as long as they need
   */
  public byte[] encode(int length) {
    byte[] names = ProbeFields.encoded(from, to);
    int needed = 4 + 4 + 8 + names.length + 1 + 8 * received.size();
    ByteBuffer bytes = ByteBuffer.allocate(Math.max(length, needed));
    bytes.putInt(MAGIC).put(VERSION).put(ProbeFields.number(transport));
    bytes.put(ProbeFields.number(family)).put(number(size));
    bytes.putLong(id);
    bytes.put(names);
    bytes.put((byte) received.size());
    received.forEach(bytes::putLong);
    return bytes.array();
  }

  /**
   * Reads a payload, or as much of its beginning as a tap kept.
   *
   * @throws NaruException MALFORMED for anything that is not a probe
   */
  public static ProbePacket decode(byte[] payload) {
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    try {
      if (bytes.getInt() != MAGIC || bytes.get() != VERSION) {
        throw new NaruException(ErrorCode.MALFORMED, "not a probe of this version");
      }
      Transport transport = ProbeFields.transport(bytes.get());
      IpFamily family = ProbeFields.family(bytes.get());
      ProbeSize size = size(bytes.get());
      long id = bytes.getLong();
      NodeName from = ProbeFields.name(bytes);
      NodeName to = ProbeFields.name(bytes);
      int count = Byte.toUnsignedInt(bytes.get());
      if (count > MAXIMUM_RECEIVED) {
        throw new NaruException(ErrorCode.MALFORMED, "a probe with " + count + " received ids");
      }
      List<Long> received = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        received.add(bytes.getLong());
      }
      return new ProbePacket(id, transport, family, size, from, to, received);
    } catch (BufferUnderflowException tooShort) {
      throw new NaruException(ErrorCode.MALFORMED, "a probe cut short", tooShort);
    }
  }

  private static byte number(ProbeSize size) {
    return switch (size) {
      case SMALL -> 0;
      case FULL -> 1;
    };
  }

  private static ProbeSize size(byte number) {
    return switch (number) {
      case 0 -> ProbeSize.SMALL;
      case 1 -> ProbeSize.FULL;
      default -> throw new NaruException(ErrorCode.MALFORMED, "a probe of size " + number);
    };
  }
}

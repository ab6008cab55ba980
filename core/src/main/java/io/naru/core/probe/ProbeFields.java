package io.naru.core.probe;

import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.Transport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Fields that all payloads of the probes' port have. */
final class ProbeFields {
  private ProbeFields() {}

  /** Both names, each after its length. */
  static byte[] encoded(NodeName from, NodeName to) {
    byte[] fromText = from.text().getBytes(StandardCharsets.US_ASCII);
    byte[] toText = to.text().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(2 + fromText.length + toText.length);
    bytes.put((byte) fromText.length).put(fromText).put((byte) toText.length).put(toText);
    return bytes.array();
  }

  static byte number(Transport transport) {
    return switch (transport) {
      case DIRECT -> 0;
      case VXLAN -> 1;
    };
  }

  static Transport transport(byte number) {
    return switch (number) {
      case 0 -> Transport.DIRECT;
      case 1 -> Transport.VXLAN;
      default -> throw new NaruException(ErrorCode.MALFORMED, "a probe of transport " + number);
    };
  }

  static byte number(IpFamily family) {
    return switch (family) {
      case IPV4 -> 4;
      case IPV6 -> 6;
    };
  }

  static IpFamily family(byte number) {
    return switch (number) {
      case 4 -> IpFamily.IPV4;
      case 6 -> IpFamily.IPV6;
      default -> throw new NaruException(ErrorCode.MALFORMED, "a probe of IP version " + number);
    };
  }

  static NodeName name(ByteBuffer bytes) {
    byte[] text = new byte[Byte.toUnsignedInt(bytes.get())];
    bytes.get(text);
    try {
      return new NodeName(new String(text, StandardCharsets.US_ASCII));
    } catch (NaruException notAName) {
      throw new NaruException(ErrorCode.MALFORMED, "a probe with a bad node name", notAName);
    }
  }
}

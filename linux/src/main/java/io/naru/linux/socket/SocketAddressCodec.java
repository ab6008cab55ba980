package io.naru.linux.socket;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** {@code struct sockaddr_in} of linux/in.h and {@code struct sockaddr_in6} of linux/in6.h. */
final class SocketAddressCodec {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  /** Room for either. */
  static final int LARGEST = 28;

  private static final int IPV4_SIZE = 16;
  private static final ValueLayout.OfShort PORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  private SocketAddressCodec() {}

  static MemorySegment write(Arena arena, IpAddress address, int port, int scope) {
    MemorySegment segment = arena.allocate(address.isIpv4() ? IPV4_SIZE : LARGEST, 4);
    segment.set(ValueLayout.JAVA_SHORT, 0, (short) (address.isIpv4() ? AF_INET : AF_INET6));
    segment.set(PORT, 2, (short) port);
    MemorySegment bytes = MemorySegment.ofArray(address.toBytes());
    segment.asSlice(address.isIpv4() ? 4 : 8, bytes.byteSize()).copyFrom(bytes);
    if (address.isIpv6()) {
      segment.set(ValueLayout.JAVA_INT, 24, scope);
    }
    return segment;
  }

  static IpAddress address(MemorySegment segment) {
    return switch (segment.get(ValueLayout.JAVA_SHORT, 0)) {
      case AF_INET -> IpAddress.ofBytes(segment.asSlice(4, 4).toArray(ValueLayout.JAVA_BYTE));
      case AF_INET6 -> IpAddress.ofBytes(segment.asSlice(8, 16).toArray(ValueLayout.JAVA_BYTE));
      default ->
          throw new NaruException(
              ErrorCode.MALFORMED, "the kernel names a sender that is not of an IP family");
    };
  }

  static int port(MemorySegment segment) {
    return segment.get(PORT, 2) & 0xffff;
  }
}

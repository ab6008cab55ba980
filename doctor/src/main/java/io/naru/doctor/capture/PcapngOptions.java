package io.naru.doctor.capture;

import io.naru.observe.packet.FrameDirection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Options at the end of a block: a code, a length, a value, padded to 32 bits. */
final class PcapngOptions {
  // draft-ietf-opsawg-pcapng, sections 3.5, 4.2 and 4.3
  static final int END = 0;
  static final int COMMENT = 1;
  static final int INTERFACE_NAME = 2;
  static final int PACKET_FLAGS = 2;
  static final int USER_APPLICATION = 4;
  static final int TIME_RESOLUTION = 9;
  static final int TIME_OFFSET = 14;

  private record Option(int code, ByteBuffer value) {}

  private final List<Option> options = new ArrayList<>();

  /** Reads what is left of a block's body. What is cut or wrong ends the list: nothing needs it. */
  PcapngOptions(ByteBuffer body) {
    while (body.remaining() >= 4) {
      int code = body.getShort() & 0xffff;
      int length = body.getShort() & 0xffff;
      if (code == END || length > body.remaining()) {
        return;
      }
      options.add(new Option(code, body.slice(body.position(), length).order(body.order())));
      body.position(Math.min(body.limit(), body.position() + (length + 3) / 4 * 4));
    }
  }

  private Optional<ByteBuffer> first(int code, int length) {
    return options.stream()
        .filter(option -> option.code == code && option.value.remaining() >= length)
        .map(Option::value)
        .findFirst();
  }

  private static String text(ByteBuffer value) {
    return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
  }

  List<String> comments() {
    return options.stream()
        .filter(option -> option.code == COMMENT)
        .map(option -> text(option.value))
        .toList();
  }

  String interfaceName() {
    return first(INTERFACE_NAME, 1).map(PcapngOptions::text).orElse("");
  }

  /** The lowest two bits of a packet's flags. */
  FrameDirection direction() {
    return first(PACKET_FLAGS, 4)
        .map(
            flags ->
                switch (flags.getInt(0) & 3) {
                  case 1 -> FrameDirection.IN;
                  case 2 -> FrameDirection.OUT;
                  default -> FrameDirection.UNKNOWN;
                })
        .orElse(FrameDirection.UNKNOWN);
  }

  /** How many parts a second has: a power of ten, or of two. Microseconds where it is not said. */
  double partsOfASecond() {
    int resolution = first(TIME_RESOLUTION, 1).map(value -> value.get(0) & 0xff).orElse(6);
    return (resolution & 0x80) == 0 ? Math.pow(10, resolution) : Math.pow(2, resolution & 0x7f);
  }

  /** Seconds to add to each time. */
  long timeOffset() {
    return first(TIME_OFFSET, 8).map(value -> value.getLong(0)).orElse(0L);
  }
}

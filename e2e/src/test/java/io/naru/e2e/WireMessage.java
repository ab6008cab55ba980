package io.naru.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message of Protocol Buffers as its fields: what the few messages of the runtime interface need
 * of the encoding (protobuf.dev, "Encoding"): variable-length integers, texts and messages.
 */
record WireMessage(List<Field> fields) {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  /** A field with either a number or bytes. */
  private record Field(int number, long integer, byte[] bytes) {}

  WireMessage() {
    this(List.of());
  }

  private WireMessage with(Field field) {
    List<Field> more = new ArrayList<>(fields);
    more.add(field);
    return new WireMessage(List.copyOf(more));
  }

  WireMessage with(int number, String text) {
    return with(new Field(number, 0, text.getBytes(StandardCharsets.UTF_8)));
  }

  WireMessage with(int number, long integer) {
    return with(new Field(number, integer, new byte[0]));
  }

  WireMessage with(int number, WireMessage message) {
    return with(new Field(number, 0, message.encoded()));
  }

  byte[] encoded() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Field field : fields) {
      if (field.bytes().length > 0) {
        writeVarint(out, field.number() << 3 | BYTES);
        writeVarint(out, field.bytes().length);
        out.writeBytes(field.bytes());
      } else if (field.integer() != 0) { // what is empty or zero is left out
        writeVarint(out, field.number() << 3 | VARINT);
        writeVarint(out, field.integer());
      }
    }
    return out.toByteArray();
  }

  private static void writeVarint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  static WireMessage decode(byte[] encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded);
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      long key = readVarint(in);
      int number = (int) (key >>> 3);
      switch ((int) (key & 7)) {
        case VARINT -> fields.add(new Field(number, readVarint(in), new byte[0]));
        case BYTES -> {
          byte[] bytes = new byte[(int) readVarint(in)];
          in.get(bytes);
          fields.add(new Field(number, 0, bytes));
        }
        case FIXED64 -> in.position(in.position() + Long.BYTES);
        case FIXED32 -> in.position(in.position() + Integer.BYTES);
        default -> throw new AssertionError("no such wire type: " + (key & 7));
      }
    }
    return new WireMessage(List.copyOf(fields));
  }

  private static long readVarint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte octet = in.get();
      value |= (octet & 0x7fL) << shift;
      if (octet >= 0) {
        break;
      }
    }
    return value;
  }

  /** The field's text; empty where it is left out. */
  String text(int number) {
    return last(number).map(field -> new String(field.bytes(), StandardCharsets.UTF_8)).orElse("");
  }

  /** The field's number; zero where it is left out. */
  long integer(int number) {
    return last(number).map(Field::integer).orElse(0L);
  }

  WireMessage message(int number) {
    return last(number).map(field -> decode(field.bytes())).orElseGet(WireMessage::new);
  }

  List<WireMessage> messages(int number) {
    return fields.stream()
        .filter(field -> field.number() == number)
        .map(field -> decode(field.bytes()))
        .toList();
  }

  private Optional<Field> last(int number) {
    return fields.reversed().stream().filter(field -> field.number() == number).findFirst();
  }
}

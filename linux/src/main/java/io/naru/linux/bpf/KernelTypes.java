package io.naru.linux.bpf;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The running kernel's own types: where a field is in a structure differs between kernels
 * (Documentation/bpf/btf.rst, linux/btf.h).
 */
final class KernelTypes {
  private static final Path FILE = Path.of("/sys/kernel/btf/vmlinux");
  private static final int MAGIC = 0xeb9f;

  /** {@code struct btf_type}: name, kind and number of members, size or type. */
  private static final int TYPE_BYTES = 12;

  private static final int MEMBER_BYTES = 12;
  private static final int ENUMERATOR_BYTES = 8;

  private static final int STRUCT = 4;
  private static final int UNION = 5;
  private static final int ENUM = 6;
  static final int TYPEDEF = 8;

  /** Deeper than any anonymous member is. */
  private static final int DEEPEST = 16;

  private final ByteBuffer bytes;
  private final int strings;

  /** Where each type is, by its number; 0 is void. */
  private int[] types = new int[1 << 16];

  private int count = 1;

  private KernelTypes(ByteBuffer bytes) {
    this.bytes = bytes.order(ByteOrder.nativeOrder());
    if (bytes.capacity() < 24 || (bytes.getShort(0) & 0xffff) != MAGIC) {
      throw new NaruException(ErrorCode.UNSUPPORTED, FILE + " is not in the format of BTF");
    }
    int header = bytes.getInt(4);
    int at = header + bytes.getInt(8);
    int end = at + bytes.getInt(12);
    this.strings = header + bytes.getInt(16);
    while (at < end) {
      if (count == types.length) {
        types = Arrays.copyOf(types, count * 2);
      }
      types[count++] = at;
      at += TYPE_BYTES + tail(at);
    }
  }

  /**
   * Reads them.
   *
   * @throws NaruException UNSUPPORTED if this kernel tells nothing of its types
   */
  static KernelTypes read() {
    try {
      return new KernelTypes(ByteBuffer.wrap(Files.readAllBytes(FILE)));
    } catch (IOException notThere) {
      throw new NaruException(
          ErrorCode.UNSUPPORTED,
          "this kernel tells nothing of its types (" + FILE + " is not there)",
          notThere);
    } catch (IndexOutOfBoundsException | BufferUnderflowException broken) {
      throw new NaruException(ErrorCode.UNSUPPORTED, FILE + " breaks off", broken);
    }
  }

  private int kind(int at) {
    return bytes.getInt(at + 4) >>> 24 & 31;
  }

  private int members(int at) {
    return bytes.getInt(at + 4) & 0xffff;
  }

  /** Bytes behind a type's head, by its kind (BTF_KIND_* of linux/btf.h). */
  private int tail(int at) {
    return switch (kind(at)) {
      case 1, 14, 17 -> 4;
      case 3 -> 12;
      case STRUCT, UNION, 15, 19 -> members(at) * MEMBER_BYTES;
      case ENUM, 13 -> members(at) * ENUMERATOR_BYTES;
      default -> 0;
    };
  }

  private String text(int offset) {
    int at = strings + offset;
    int end = at;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] letters = new byte[end - at];
    bytes.get(at, letters);
    return new String(letters, StandardCharsets.US_ASCII);
  }

  private boolean isNamed(int offset, byte[] name) {
    int at = strings + offset;
    for (int i = 0; i < name.length; i++) {
      if (bytes.get(at + i) != name[i]) {
        return false;
      }
    }
    return bytes.get(at + name.length) == 0;
  }

  /** The number of the type of that kind and name; 0 if there is none. */
  int find(int kind, String name) {
    byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
    for (int id = 1; id < count; id++) {
      if (kind(types[id]) == kind && isNamed(bytes.getInt(types[id]), wanted)) {
        return id;
      }
    }
    return 0;
  }

  /**
   * Bytes from the begin of a structure to a field of it, also within anonymous members.
   *
   * @throws NaruException UNSUPPORTED if this kernel's has none
   */
  int offset(String structure, String field) {
    OptionalInt bits = bits(find(STRUCT, structure), field, DEEPEST);
    if (bits.isEmpty()) {
      throw new NaruException(
          ErrorCode.UNSUPPORTED, "this kernel has no field " + structure + "." + field);
    }
    return bits.getAsInt() / 8;
  }

  private OptionalInt bits(int type, String field, int depth) {
    int at = types[type];
    if (type == 0 || depth == 0 || kind(at) != STRUCT && kind(at) != UNION) {
      return OptionalInt.empty();
    }
    boolean hasBitfields = bytes.getInt(at + 4) < 0;
    byte[] wanted = field.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < members(at); i++) {
      int member = at + TYPE_BYTES + i * MEMBER_BYTES;
      int name = bytes.getInt(member);
      int offset = bytes.getInt(member + 8) & (hasBitfields ? 0xff_ffff : -1);
      if (name != 0 && isNamed(name, wanted)) {
        return OptionalInt.of(offset);
      }
      if (name == 0 || bytes.get(strings + name) == 0) {
        OptionalInt inside = bits(bytes.getInt(member + 4), field, depth - 1);
        if (inside.isPresent()) {
          return OptionalInt.of(offset + inside.getAsInt());
        }
      }
    }
    return OptionalInt.empty();
  }

  /** Names of an enumeration's values; empty if there is none of that name. */
  Map<Integer, String> enumeration(String name) {
    Map<Integer, String> names = new HashMap<>();
    int id = find(ENUM, name);
    for (int i = 0; id != 0 && i < members(types[id]); i++) {
      int at = types[id] + TYPE_BYTES + i * ENUMERATOR_BYTES;
      names.put(bytes.getInt(at + 4), text(bytes.getInt(at)));
    }
    return names;
  }
}

package io.naru.doctor.archive;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the files of a tar archive one after the other: ustar (POSIX.1-1988), with the long names
 * of GNU tar and the names and sizes of pax (POSIX.1-2001). Nothing is written anywhere, so a name
 * cannot lead out of a directory. Links, directories and devices are passed over.
 */
public final class TarReader {
  private static final int BLOCK = 512;
  private static final int LONGEST_NAME = 4096;
  private static final int LONGEST_PAX = 1 << 16;
  private static final int MOST_ENTRIES = 10_000;

  private final InputStream stream;
  private final String name;
  private long position;
  private long left;
  private long padding;
  private int entries;

  /**
   * A reader.
   *
   * @param name of the archive, for sentences
   */
  public TarReader(InputStream stream, String name) {
    this.stream = stream;
    this.name = name;
  }

  /**
   * A file in the archive.
   *
   * @param size bytes
   * @param content valid until the next entry is asked for
   */
  public record Entry(String name, long size, InputStream content) {}

  /** Whether 512 bytes are the header of an archive's entry: its checksum says it. */
  public static boolean isHeader(byte[] block) {
    if (block.length < BLOCK || block[0] == 0) {
      return false;
    }
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
    }
    return octal(block, 148, 8).filter(Long.valueOf(sum)::equals).isPresent();
  }

  /**
   * The next file; empty at the end.
   *
   * @throws NaruException MALFORMED where the bytes are no archive, with the place
   */
  public Optional<Entry> next() {
    String longName = "";
    long longSize = -1;
    while (true) {
      skip(left + padding, "a file's content");
      left = 0;
      padding = 0;
      byte[] header = new byte[BLOCK];
      int read = read(header);
      if (read == 0 || isEnd(header, read)) {
        return Optional.empty();
      }
      if (read < BLOCK) {
        throw malformed("ends within a header");
      }
      if (!isHeader(header)) {
        throw malformed("has no header where one must be");
      }
      if (++entries > MOST_ENTRIES) {
        throw malformed("holds more than " + MOST_ENTRIES + " entries");
      }
      long size = size(header);
      char type = (char) header[156];
      left = type == '1' || type == '2' || type == '5' ? 0 : longSize >= 0 ? longSize : size;
      padding = (BLOCK - left % BLOCK) % BLOCK;
      switch (type) {
        case 'L' -> longName = trimmed(all(LONGEST_NAME, "a name"));
        case 'x' -> {
          String records = new String(all(LONGEST_PAX, "a pax header"), StandardCharsets.UTF_8);
          longName = pax(records, "path").orElse(longName);
          longSize = pax(records, "size").map(this::decimal).orElse(-1L);
        }
        case '0', '\0', '7' -> {
          String own = longName.isEmpty() ? name(header) : longName;
          return Optional.of(new Entry(own, left, new Content()));
        }
        default -> {
          longName = "";
          longSize = -1;
        }
      }
    }
  }

  private static boolean isEnd(byte[] header, int read) {
    for (int i = 0; i < read; i++) {
      if (header[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private long size(byte[] header) {
    if ((header[124] & 0x80) != 0) { // GNU tar: base 256
      long size = header[124] & 0x7f;
      for (int i = 125; i < 136; i++) {
        if (size >>> 54 != 0) {
          throw malformed("claims a file of an impossible size");
        }
        size = size << 8 | (header[i] & 0xff);
      }
      return size;
    }
    return octal(header, 124, 12).orElseThrow(() -> malformed("has a size that is no number"));
  }

  private static Optional<Long> octal(byte[] block, int from, int length) {
    String text = new String(block, from, length, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\0');
    String digits = (end < 0 ? text : text.substring(0, end)).strip();
    if (digits.isEmpty() || digits.length() > 12 || !digits.matches("[0-7]+")) {
      return Optional.empty();
    }
    return Optional.of(Long.parseLong(digits, 8));
  }

  private long decimal(String digits) {
    if (!digits.matches("[0-9]{1,15}")) {
      throw malformed("has a pax size that is no number");
    }
    return Long.parseLong(digits);
  }

  private static String name(byte[] header) {
    String own = text(header, 0, 100);
    boolean ustar = text(header, 257, 5).equals("ustar");
    String prefix = ustar && header[262] == 0 ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? own : prefix + "/" + own;
  }

  private static String text(byte[] block, int from, int length) {
    return trimmed(Arrays.copyOfRange(block, from, from + length));
  }

  private static String trimmed(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  /** A value of records of the form {@code LENGTH KEY=VALUE\n}. */
  private static Optional<String> pax(String records, String key) {
    return records
        .lines()
        .filter(line -> line.matches("\\d+ " + key + "=.*"))
        .map(line -> line.substring(line.indexOf('=') + 1))
        .findFirst();
  }

  private byte[] all(int most, String what) {
    if (left > most) {
      throw malformed("claims " + what + " of " + left + " bytes");
    }
    byte[] bytes = new byte[(int) left];
    if (read(bytes) < bytes.length) {
      throw malformed("ends within " + what);
    }
    left = 0;
    return bytes;
  }

  private int read(byte[] bytes) {
    try {
      int read = stream.readNBytes(bytes, 0, bytes.length);
      position += read;
      return read;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void skip(long count, String what) {
    try {
      for (long rest = count; rest > 0; ) {
        long skipped = stream.skip(rest);
        if (skipped <= 0) {
          if (stream.read() < 0) {
            throw malformed("ends within " + what);
          }
          skipped = 1;
        }
        rest -= skipped;
        position += skipped;
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private NaruException malformed(String what) {
    return new NaruException(
        ErrorCode.MALFORMED, name + " is not a good archive: at byte " + position + " it " + what);
  }

  private NaruException failed(IOException e) {
    return new NaruException(
        ErrorCode.FILE_FAILED,
        name + " cannot be read behind byte " + position + ": " + e.getMessage(),
        e);
  }

  /** What is left of the present file. */
  private final class Content extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (left == 0 || length == 0) {
        return length == 0 ? 0 : -1;
      }
      int read = stream.read(bytes, from, (int) Math.min(length, left));
      if (read < 0) {
        throw malformed("ends within a file's content");
      }
      left -= read;
      position += read;
      return read;
    }
  }
}

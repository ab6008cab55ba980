package io.naru.channel.frame;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A buffer before a stream that gives lines and bytes alike, and loses nothing between them. */
final class BufferedBytes extends InputStream {
  private final InputStream source;
  private final byte[] buffer = new byte[8192];
  private int position;
  private int limit;

  BufferedBytes(InputStream source) {
    this.source = source;
  }

  /** The bytes before the next line feed, or null where the stream ends before a first byte. */
  byte @Nullable [] line(int maximumLength) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    while (filled()) {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      if (line.size() + (end - position) > maximumLength) {
        throw new NaruException(
            ErrorCode.MALFORMED, "a line is longer than " + maximumLength + " bytes");
      }
      line.write(buffer, position, end - position);
      position = end;
      if (end < limit) {
        position++;
        return line.toByteArray();
      }
    }
    if (line.size() == 0) {
      return null;
    }
    throw new NaruException(
        ErrorCode.MALFORMED, "the stream ended within a line, after " + line.size() + " bytes");
  }

  @Override
  public int read() throws IOException {
    return filled() ? buffer[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!filled()) {
      return -1;
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(buffer, position, target, offset, count);
    position += count;
    return count;
  }

  private boolean filled() throws IOException {
    if (position < limit) {
      return true;
    }
    int count = source.read(buffer, 0, buffer.length);
    position = 0;
    limit = Math.max(count, 0);
    return count > 0;
  }
}

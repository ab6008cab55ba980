package io.naru.doctor.capture;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.io.InputStream;

/** A stream of which the place is known, for sentences that say where a file is wrong. */
final class CaptureInput {
  private final InputStream stream;
  private final String name;
  private long position;

  CaptureInput(InputStream stream, String name) {
    this.stream = stream;
    this.name = name;
  }

  /** Bytes read so far. */
  long position() {
    return position;
  }

  String name() {
    return name;
  }

  /** Whether nothing follows; else reads one byte into the array's first place. */
  boolean isAtEnd(byte[] first) {
    try {
      int read = stream.read();
      if (read < 0) {
        return true;
      }
      first[0] = (byte) read;
      position++;
      return false;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Exactly so many bytes; the caller bounds the count. */
  byte[] bytes(int count, String what) {
    byte[] bytes = new byte[count];
    fill(bytes, 0, what);
    return bytes;
  }

  /** Fills the array from a place on. */
  void fill(byte[] bytes, int from, String what) {
    try {
      int read = stream.readNBytes(bytes, from, bytes.length - from);
      position += read;
      if (read < bytes.length - from) {
        throw cutShort(what);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  void skip(long count, String what) {
    try {
      long rest = count;
      while (rest > 0) {
        long skipped = stream.skip(rest);
        if (skipped <= 0) {
          if (stream.read() < 0) {
            throw cutShort(what);
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

  private CutShortException cutShort(String what) {
    return new CutShortException(name + " ends at byte " + position + ", within " + what);
  }

  private NaruException failed(IOException e) {
    return new NaruException(
        ErrorCode.FILE_FAILED,
        name + " cannot be read behind byte " + position + ": " + e.getMessage(),
        e);
  }

  /** What is wrong at a byte. */
  NaruException malformed(long at, String what) {
    return new NaruException(
        ErrorCode.MALFORMED, name + " is not a good capture: at byte " + at + " " + what);
  }

  void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}

package io.naru.channel.frame;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;

/**
 * Reads and writes JSON lines (one JSON text a line, UTF-8, ended by a line feed). Any number of
 * threads may write; one may read.
 */
public final class JsonLines {
  /** Bound of a line that is read unless another is set, in bytes: 1 MiB. */
  public static final int DEFAULT_MAXIMUM_LENGTH = 1 << 20;

  private final BufferedBytes input;
  private final OutputStream output;
  private final String description;
  private final ReentrantLock writing = new ReentrantLock();
  private int maximumLength = DEFAULT_MAXIMUM_LENGTH;

  /**
   * @param description what the other end is, for sentences
   */
  public JsonLines(InputStream input, OutputStream output, String description) {
    this.input = new BufferedBytes(input);
    this.output = output;
    this.description = description;
  }

  /** Sets the bound of lines to read, in bytes; for the thread that reads. */
  public void maximumLength(int bytes) {
    maximumLength = bytes;
  }

  /**
   * The next line without its end, or empty where the stream ends between lines.
   *
   * @throws NaruException MALFORMED if the line is too long, not UTF-8 or broken off; UNAVAILABLE
   *     if the connection fails
   */
  public Optional<String> readLine() {
    try {
      byte[] line = input.line(maximumLength);
      return line == null ? Optional.empty() : Optional.of(decoded(line));
    } catch (SocketTimeoutException e) {
      throw new NaruException(ErrorCode.UNAVAILABLE, description + " has fallen silent", e);
    } catch (SSLException e) {
      // With TLS 1.3 a client learns only at its first read that the server refused it.
      throw new NaruException(
          ErrorCode.NOT_AUTHENTICATED,
          description
              + " broke TLS off ("
              + cause(e)
              + "): our certificate expired or is of another cluster, or the connection was cut;"
              + " if it stays so, join again",
          e);
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "the connection to " + description + " broke: " + cause(e), e);
    }
  }

  /** The next line as a value, or empty where the stream ends between lines. */
  public <T> Optional<T> read(Class<T> type) {
    return readLine().map(line -> Json.read(line, type));
  }

  /** Writes a value as one line and flushes it. */
  public void write(Object value) {
    writeLine(Json.write(value));
  }

  /** Writes one line of JSON that was made before and flushes it. */
  public void writeLine(String json) {
    writeLine(line(json));
  }

  /** One line of JSON with its end, in bytes, for more than one who is sent it. */
  public static byte[] line(String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    return line;
  }

  /** Writes what {@link #line} made and flushes it. */
  public void writeLine(byte[] line) {
    writing.lock();
    try {
      output.write(line);
      output.flush();
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "the connection to " + description + " broke: " + cause(e), e);
    } finally {
      writing.unlock();
    }
  }

  /** The bytes after the last line that was read. */
  public InputStream input() {
    return input;
  }

  /** The stream lines are written to. */
  public OutputStream output() {
    return output;
  }

  private String decoded(byte[] line) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      throw new NaruException(
          ErrorCode.MALFORMED, description + " sent a line that is not UTF-8", e);
    }
  }

  private static String cause(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}

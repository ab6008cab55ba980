package io.naru.doctor.capture;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a capture file packet by packet, pcap or pcapng, whatever its byte order; holds one packet
 * at a time. Bytes that do not follow the format end in a {@link NaruException} (MALFORMED) that
 * names the file, the byte and what is wrong there.
 */
public sealed interface CaptureReader extends AutoCloseable permits PcapReader, PcapngReader {
  /** No packet is longer: what tcpdump and Wireshark write at most, and more than a GSO packet. */
  int LONGEST_PACKET = 262_144;

  /**
   * The next packet; empty at the end of the file.
   *
   * @throws CutShortException where the file ends within a packet, as when its program was killed
   */
  Optional<CapturedPacket> next();

  @Override
  void close();

  /** Opens a file. */
  static CaptureReader open(Path file) {
    try {
      return read(new BufferedInputStream(Files.newInputStream(file), 1 << 16), file.toString());
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Reads a stream; the reader closes it. */
  static CaptureReader read(InputStream stream, String name) {
    CaptureInput input = new CaptureInput(stream, name);
    try {
      byte[] magic = input.bytes(4, "its first four bytes");
      return PcapngReader.isSectionHeader(magic)
          ? new PcapngReader(input)
          : new PcapReader(input, magic);
    } catch (CutShortException tooShort) {
      input.close();
      throw new NaruException(
          ErrorCode.MALFORMED, name + " is no capture: it has fewer than 24 bytes", tooShort);
    } catch (NaruException e) {
      input.close();
      throw e;
    }
  }

  /** Whether a file that begins like this is one that is read here; eight bytes suffice. */
  static boolean isCapture(byte[] beginning) {
    return PcapngReader.isSectionHeader(beginning) || PcapReader.isMagic(beginning);
  }
}

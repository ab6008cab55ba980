package io.naru.doctor.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.NaruException;
import io.naru.doctor.capture.PcapngWriter;
import io.naru.observe.packet.FrameDirection;
import io.naru.observe.packet.LinkType;
import io.naru.observe.packet.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that want more than to be read. */
class FileSourceTest {
  private static final byte[] RULES =
      "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  private GatheredFiles read(byte[] content) throws IOException {
    FileSource source = new FileSource(Set.of(8472));
    source.add(Files.write(directory.resolve("node1"), content));
    return source.gathered();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  /** An archive of one file, as ustar (POSIX.1-1988) has it. */
  private static byte[] tar(String name, byte[] content) throws IOException {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 124, "%011o".formatted(content.length));
    put(header, 148, "        ");
    header[156] = '0';
    put(header, 257, "ustar\u000000");
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xff;
    }
    put(header, 148, "%06o\u0000".formatted(sum));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(header);
    out.write(content);
    out.write(new byte[(512 - content.length % 512) % 512 + 1024]);
    return out.toByteArray();
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  @Test
  void gzipIsUnderstoodOnceAlsoAroundAnArchive() throws IOException {
    assertThat(read(gzip(RULES)).rules).hasSize(1);
    assertThat(read(gzip(tar("rules", RULES))).rules).hasSize(1);
  }

  @Test
  void gzipWithinGzipIsRefused() throws IOException {
    byte[] twice = gzip(gzip(RULES));
    assertThatThrownBy(() -> read(twice))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("gzip more than once");
  }

  @Test
  void namesInAnArchiveDoNotCommandATerminal() throws IOException {
    assertThat(read(tar("a\u001b[2J\u009b2Jb", new byte[] {1, 2, 3})).ignored)
        .singleElement()
        .asString()
        .endsWith(":a?[2J?2Jb is nothing that is read here");
  }

  @Test
  void neitherDoInterfacesNames() throws IOException {
    Path file = directory.resolve("both.pcapng");
    try (PcapngWriter writer = new PcapngWriter(Files.newOutputStream(file), "both.pcapng")) {
      int number = writer.addInterface("node\u009b2J/nic", LinkType.ETHERNET, 0);
      writer.packet(number, 1, Octets.of(new byte[60]), 60, FrameDirection.OUT, List.of());
    }
    FileSource source = new FileSource(Set.of(8472));
    source.add(file);
    assertThat(source.gathered().captures)
        .singleElement()
        .satisfies(capture -> assertThat(capture.name()).isEqualTo("node?2J"));
  }
}

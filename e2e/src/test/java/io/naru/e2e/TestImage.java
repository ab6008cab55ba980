package io.naru.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * A container image with one static program that only waits, as an archive that podman and
 * containerd load. The archive's form is that of the Docker image specification 1.2.
 */
final class TestImage {
  static final String NAME = "localhost/naru-test:1";

  private static final String PROGRAM =
      """
      #include <unistd.h>
      int main(void) { for (;;) pause(); }
      """;

  private static final int BLOCK = 512;

  private TestImage() {}

  /** Compiles the program and writes the archive into that folder. */
  static Path write(Path folder) {
    try {
      Path binary = folder.resolve("wait");
      Command.of("gcc", "-static", "-Os", "-s", "-x", "c", "-o", binary.toString(), "-")
          .run(PROGRAM);
      byte[] layer = tar(Map.of("wait", Files.readAllBytes(binary)));
      byte[] configuration = configuration(sha256(layer)).getBytes(StandardCharsets.UTF_8);
      String manifest =
          """
          [{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]
          """
              .formatted(NAME);
      Map<String, byte[]> members = new TreeMap<>();
      members.put("config.json", configuration);
      members.put("layer.tar", layer);
      members.put("manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
      return Files.write(folder.resolve("image.tar"), tar(members));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The first process of a PID namespace ignores SIGTERM, so the image names another signal. */
  private static String configuration(String layer) {
    String architecture =
        switch (System.getProperty("os.arch")) {
          case "aarch64" -> "arm64";
          case String _ -> "amd64";
        };
    return """
        {"architecture":"%s","os":"linux",
         "config":{"Cmd":["/wait"],"StopSignal":"SIGKILL"},
         "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}
        """
        .formatted(architecture, layer);
  }

  /** Programs and files by name, as a tar archive: POSIX.1-2001 pax(1), ustar format. */
  private static byte[] tar(Map<String, byte[]> members) {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    members.forEach(
        (name, content) -> {
          archive.writeBytes(header(name, content.length));
          archive.writeBytes(content);
          archive.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        });
    archive.writeBytes(new byte[2 * BLOCK]);
    return archive.toByteArray();
  }

  private static byte[] header(String name, int size) {
    ByteBuffer header = ByteBuffer.allocate(BLOCK);
    put(header, 0, name);
    put(header, 100, "0000755");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, "%011o".formatted(size));
    put(header, 136, "00000000000");
    put(header, 148, "        "); // the checksum counts as blanks
    put(header, 156, "0");
    put(header, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte octet : header.array()) {
      sum += octet & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header.array();
  }

  private static void put(ByteBuffer header, int at, String text) {
    header.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }
}

package io.naru.lab;

import io.naru.lab.process.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Real packets between the hosts of a lab, sent and counted by socat. */
final class Packets {
  private Packets() {}

  /** A UDP socket that writes down each datagram as one line; closing it ends it. */
  static final class UdpSink implements AutoCloseable {
    private final Process process;
    private final Path received;

    UdpSink(TestLab lab, String target, int port) throws IOException {
      received = Files.createTempFile("naru-test-", ".udp");
      List<String> listen =
          List.of("socat", "-u", "-b", "65536", "UDP6-RECV:" + port + ",ipv6only=0", "STDOUT");
      process =
          new ProcessBuilder(lab.lab().execCommand(target, listen))
              .redirectOutput(received.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      Awaitility.await()
          .until(
              () ->
                  lab.exec(target, "ss", "-Huln", "sport", "=", ":" + port)
                      .output()
                      .contains(":" + port));
    }

    /** The datagrams that began with {@code text}. */
    long count(String text) {
      try {
        return Files.readString(received, StandardCharsets.ISO_8859_1)
            .lines()
            .filter(line -> line.startsWith(text))
            .count();
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }

    @Override
    public void close() throws IOException {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.deleteIfExists(received);
    }
  }

  /** Sends a datagram of so many bytes that begins with {@code text}. */
  static void send(TestLab lab, String from, String to, int port, String text, int bytes) {
    String payload = text + "x".repeat(bytes - text.length() - 1) + "\n";
    List<String> send =
        List.of("socat", "-u", "-b", "65536", "STDIN", "UDP:" + literal(to) + ":" + port);
    Program.of(lab.lab().execCommand(from, send)).tryRun(payload);
  }

  /** Whether a TCP connection to a listener comes about and carries a line back. */
  static boolean connects(TestLab lab, String from, String listener, String to, int port)
      throws IOException {
    List<String> listen =
        new ArrayList<>(List.of("socat", "TCP6-LISTEN:" + port + ",ipv6only=0,reuseaddr"));
    listen.add("EXEC:echo hello");
    Process process =
        new ProcessBuilder(lab.lab().execCommand(listener, listen))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Awaitility.await()
          .until(
              () ->
                  lab.exec(listener, "ss", "-Htln", "sport", "=", ":" + port)
                      .output()
                      .contains(":" + port));
      return lab.exec(
              from,
              "socat",
              "-u",
              "TCP:" + literal(to) + ":" + port + ",connect-timeout=1",
              "STDOUT")
          .output()
          .equals("hello\n");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String literal(String address) {
    return address.contains(":") ? "[" + address + "]" : address;
  }
}

package io.naru.lab;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Stands in for the real program: opens the sockets that the lab waits for, and does no more. */
final class FakeNaru {
  /** Is there while the agent that it stands in for is paused. */
  static final Path PAUSED = Path.of("/run/naru/paused");

  private FakeNaru() {}

  /** The command prefix that starts it. */
  static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx16m",
        "-cp",
        Path.of("target/test-classes").toAbsolutePath().toString(),
        "io.naru.lab.FakeNaru");
  }

  public static void main(String[] words) throws Exception {
    List<String> arguments = List.of(words);
    switch (arguments.getFirst()) {
      case "server" -> {
        String configuration = Files.readString(Path.of(after(arguments, "--config")));
        System.out.println("configuration " + configuration);
        serve(Path.of(after(arguments, "--socket")));
      }
      case "token" -> System.out.println("token-for-" + after(arguments, "--address"));
      case "agent" -> {
        Path token = Path.of(after(arguments, "--join-file"));
        System.out.println("joining with " + Files.readString(token));
        if (Files.exists(Path.of("/etc/naru/refuse"))) {
          System.err.println("the agent was told to refuse");
          System.exit(3);
        }
        serve(Path.of("/run/naru/agent.sock"));
      }
      case "node" -> {
        if (arguments.get(1).equals("pause")) {
          Files.writeString(PAUSED, "now");
        } else {
          Files.deleteIfExists(PAUSED);
        }
      }
      case "status" ->
          System.out.println(Files.exists(PAUSED) ? "{\"paused\":\"now\"}" : "{\"node\":\"n\"}");
      default -> throw new IllegalArgumentException(String.join(" ", arguments));
    }
  }

  private static String after(List<String> arguments, String option) {
    return arguments.get(arguments.indexOf(option) + 1);
  }

  private static void serve(Path socket) throws Exception {
    Files.deleteIfExists(socket);
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));
      while (channel.isOpen()) {
        channel.accept().close();
      }
    }
  }
}

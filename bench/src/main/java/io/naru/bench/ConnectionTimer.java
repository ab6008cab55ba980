package io.naru.bench;

import java.time.Duration;
import java.util.Collection;

/** The program that makes TCP connections and takes the time. */
record ConnectionTimer(CompiledProgram compiled) {
  /** A row's number is the median of so many connections. */
  private static final int CONNECTIONS = 1000;

  private static final Duration RATE = Duration.ofSeconds(1);
  private static final int AT_ONCE = 4;

  static ConnectionTimer compile() {
    return new ConnectionTimer(CompiledProgram.compile("connection-timer"));
  }

  /** Answers connections in a namespace, until the measurement is over. */
  void serve(String namespace, int port, String word) {
    command("serve", Integer.toString(port), word).in(namespace).startUntilTheEnd();
  }

  /** Median microseconds of one connection, until the server's first byte. */
  double microseconds(Ends ends, int port) {
    String printed =
        command("time", ends.address(), Integer.toString(port), Integer.toString(CONNECTIONS))
            .in(ends.client())
            .run();
    return Double.parseDouble(printed.strip()) / 1e3;
  }

  /** Connections a second, several at once. */
  double rate(Ends ends, int port) {
    String printed =
        command("rate", ends.address(), Integer.toString(port))
            .and(Long.toString(RATE.toMillis()), Integer.toString(AT_ONCE))
            .in(ends.client())
            .run();
    return Double.parseDouble(printed.strip());
  }

  /** Waits until each of the addresses answers a client with that word. */
  void await(String client, Collection<String> addresses, int port, String word, Duration most) {
    command("until", Long.toString(most.toMillis()), Integer.toString(port), word)
        .and(addresses.toArray(String[]::new))
        .in(client)
        .run();
  }

  private Command command(String... words) {
    return Command.of(compiled.path()).and(words);
  }
}

package io.naru.channel;

/** Serves a connection whose hello was read; the connection is closed afterwards. */
@FunctionalInterface
public interface HelloHandler {
  void handle(Hello hello, Connection connection);
}

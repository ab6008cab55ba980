package io.naru.channel;

/** Serves one connection on a virtual thread of its own; the connection is closed afterwards. */
@FunctionalInterface
public interface ConnectionHandler {
  void handle(Connection connection);
}

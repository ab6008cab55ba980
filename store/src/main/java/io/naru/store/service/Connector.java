package io.naru.store.service;

import io.naru.channel.Connection;
import io.naru.channel.TcpAddress;
import io.naru.channel.identity.ClusterAuthority;
import io.naru.channel.tls.TlsDialer;
import io.naru.channel.unix.UnixClient;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Opens a connection to a store, before any hello. */
@FunctionalInterface
public interface Connector {
  /**
   * A new connection.
   *
   * @throws NaruException UNAVAILABLE if nobody answers
   */
  Connection connect();

  /** To the store of this host. */
  static Connector unix(Path socket) {
    return () -> UnixClient.connect(socket, "start the store with: naru server");
  }

  /** To the first of these addresses where the store answers. */
  static Connector tls(TlsDialer dialer, List<TcpAddress> servers) {
    List<TcpAddress> fixed = List.copyOf(servers);
    return () ->
        firstThatAnswers(
            fixed, server -> dialer.dial(server, ClusterAuthority.SERVER, Optional.empty()));
  }

  /** The outcome of the first attempt that finds someone; else one sentence with every reason. */
  static <T> T firstThatAnswers(
      List<TcpAddress> servers, java.util.function.Function<TcpAddress, T> attempt) {
    List<NaruException> failures = new java.util.ArrayList<>();
    for (TcpAddress server : servers) {
      try {
        return attempt.apply(server);
      } catch (NaruException e) {
        failures.add(e);
      }
    }
    // One that answered and was not trusted says more than one that did not answer.
    ErrorCode code =
        failures.stream()
            .map(NaruException::code)
            .filter(it -> it != ErrorCode.UNAVAILABLE)
            .findFirst()
            .orElse(ErrorCode.UNAVAILABLE);
    throw new NaruException(
        code,
        failures.stream().map(NaruException::sentence).distinct().collect(Collectors.joining("; ")),
        failures.isEmpty() ? null : failures.getFirst());
  }
}

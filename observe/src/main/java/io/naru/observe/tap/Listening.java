package io.naru.observe.tap;

import io.naru.core.error.NaruException;
import io.naru.linux.tap.BpfProgram;
import io.naru.linux.tap.PacketTap;
import io.naru.linux.tap.TappedPacket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Keeps what a parser makes of the packets that pass an interface: each thing once, and a bounded
 * number of them.
 *
 * @param <T> what a packet tells
 */
public final class Listening<T> implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int MOST = 1000;

  private final PacketTap tap;
  private final Function<TappedPacket, Optional<T>> parser;
  private final Set<T> heard = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private Listening(PacketTap tap, Function<TappedPacket, Optional<T>> parser) {
    this.tap = tap;
    this.parser = parser;
  }

  /** Listens until it is closed or the interface is gone. */
  public static <T> Listening<T> on(
      String interfaceName, BpfProgram filter, Function<TappedPacket, Optional<T>> parser) {
    Listening<T> listening = new Listening<>(PacketTap.open(interfaceName, filter), parser);
    Thread.ofPlatform().daemon().name("naru-tap-" + interfaceName).start(listening::listen);
    return listening;
  }

  private void listen() {
    while (!closed) {
      try {
        tap.receive(POLL)
            .flatMap(parser)
            .filter(thing -> heard.size() < MOST)
            .ifPresent(heard::add);
      } catch (NaruException linkGone) {
        return;
      }
    }
  }

  public List<T> heard() {
    return List.copyOf(heard);
  }

  @Override
  public void close() {
    closed = true;
    tap.close();
  }
}

package io.naru.store.service;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Counts refused attempts to join by their source, and makes a source wait that has too many. */
final class JoinFailures {
  private static final int MOST = 10;
  private static final Duration WITHIN = Duration.ofMinutes(1);
  private static final int MOST_SOURCES = 1024;

  private final InstantSource clock;
  private final Map<Optional<Prefix>, Deque<Instant>> failures =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Optional<Prefix>, Deque<Instant>> eldest) {
          return size() > MOST_SOURCES;
        }
      };

  JoinFailures(InstantSource clock) {
    this.clock = clock;
  }

  /** NOT_PERMITTED while the source has to wait. */
  synchronized void requirePatience(Optional<IpAddress> source) {
    Deque<Instant> recent = failures.get(block(source));
    if (recent == null) {
      return;
    }
    Instant from = clock.instant().minus(WITHIN);
    recent.removeIf(failure -> failure.isBefore(from));
    if (recent.size() >= MOST) {
      throw new NaruException(
          ErrorCode.NOT_PERMITTED,
          "too many attempts to join failed from this address; wait a minute and check the token");
    }
  }

  synchronized void failed(Optional<IpAddress> source) {
    failures.computeIfAbsent(block(source), _ -> new ArrayDeque<>()).addLast(clock.instant());
  }

  private static Optional<Prefix> block(Optional<IpAddress> source) {
    return source.map(address -> Prefix.around(address, address.isIpv6() ? 64 : 32));
  }
}

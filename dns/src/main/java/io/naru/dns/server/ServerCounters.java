package io.naru.dns.server;

import io.naru.dns.message.Known;
import java.util.concurrent.atomic.LongAdder;

/** What a server did since it was opened. */
public final class ServerCounters {
  public final LongAdder queries = new LongAdder();
  public final LongAdder clusterAnswers = new LongAdder();
  public final LongAdder cacheHits = new LongAdder();
  public final LongAdder staleAnswers = new LongAdder();

  /** Answers for which an upstream was asked. */
  public final LongAdder misses = new LongAdder();

  /** Askers who may not ask: their packets and connections are dropped. */
  public final LongAdder refused = new LongAdder();

  /** Messages that are none, or that make no sense. */
  public final LongAdder malformed = new LongAdder();

  /** Questions refused and connections closed because there were too many. */
  public final LongAdder overloaded = new LongAdder();

  /** Answers that could not be sent. */
  public final LongAdder unsent = new LongAdder();

  void answered(Known.Origin origin) {
    LongAdder counter =
        switch (origin) {
          case CLUSTER -> clusterAnswers;
          case CACHE -> cacheHits;
          case STALE -> staleAnswers;
          case UPSTREAM, NOBODY -> misses;
        };
    counter.increment();
  }
}

package io.naru.agent.probe;

import java.util.OptionalLong;

/**
 * Since when a peer's agent has been heard without a pause: over the channel, or by its probes. Of
 * what was sent before, it cannot say that it did not arrive: it may not have been running.
 */
final class Presence {
  private boolean heard;
  private long since;
  private long last;

  /**
   * The peer was heard.
   *
   * @param patience a pause longer than so many nanoseconds may have been a restart
   */
  void heard(long now, long patience) {
    if (!isPresent(now, patience)) {
      since = now;
    }
    heard = true;
    last = now;
  }

  /** When the peer began to be heard, if it is heard now. */
  OptionalLong since(long now, long patience) {
    return isPresent(now, patience) ? OptionalLong.of(since) : OptionalLong.empty();
  }

  private boolean isPresent(long now, long patience) {
    return heard && now - last <= patience;
  }
}

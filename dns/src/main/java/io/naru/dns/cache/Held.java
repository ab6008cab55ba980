package io.naru.dns.cache;

import io.naru.dns.message.Known;

/** What the cache holds for a question. */
public sealed interface Held {
  /** Nothing of use. */
  record Nothing() implements Held {}

  /**
   * An answer that is true.
   *
   * @param renew whether whoever reads this shall ask for it anew: it is popular and soon over.
   *     Said once
   */
  record Fresh(Known known, boolean renew) implements Held {}

  /**
   * An answer whose time is over: for when nobody else answers (RFC 8767).
   *
   * @param tried whether it was found a moment ago that nobody else does
   */
  record Stale(Known known, boolean tried) implements Held {}
}
